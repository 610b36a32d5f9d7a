/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is loaded for a panic where nobody says it, by the files of distributions. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/crash-target.h"

#define UNAME { "saut/uname", "6.1-x x86_64\n" }

struct found {
	struct crash_target target;
	struct error err;
	bool done;
};

static struct found find(const struct table_source *files, struct arena *arena)
{
	struct system s = { .source = &files->source };
	struct found found = { 0 };

	s.notes.arena = &s.arena;
	found.done = crash_target_find(&s, NULL, &found.target, &found.err);
	*arena = s.arena;
	return found;
}

static void an_initrd_that_was_made_for_it(void **state)
{
	const struct {
		const char *tools, *initrd, *words;
		struct table_source files;
	} rows[] = {
		{ "kdump-tools", "/var/lib/kdump/initrd.img-6.1-x",
			"nr_cpus=1 reset_devices systemd.unit=kdump-tools-dump.service",
			TABLE_SOURCE(UNAME, { "boot/vmlinuz-6.1-x", "k" },
				{ "boot/initrd.img-6.1-x", "i" },
				{ "var/lib/kdump/initrd.img-6.1-x", "d" },
				{ "lib/systemd/system/kdump-tools-dump.service", "[Unit]\n" }) },
		{ "kdump-tools", "/var/lib/kdump/initrd.img-6.1-x", "nr_cpus=1 reset_devices",
			TABLE_SOURCE(UNAME, { "boot/vmlinuz-6.1-x", "k" },
				{ "var/lib/kdump/initrd.img-6.1-x", "d" }) },
		{ "kdump-utils", "/boot/initramfs-6.1-xkdump.img", "nr_cpus=1 reset_devices",
			TABLE_SOURCE(UNAME, { "lib/modules/6.1-x/vmlinuz", "k" },
				{ "boot/initramfs-6.1-x.img", "i" },
				{ "boot/initramfs-6.1-xkdump.img", "d" }) },
		{ "SUSE's kdump", "/boot/initrd-6.1-x-kdump", "nr_cpus=1 reset_devices",
			TABLE_SOURCE(UNAME, { "usr/lib/modules/6.1-x/vmlinuz", "k" },
				{ "boot/initrd-6.1-x-kdump", "d" }) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena;
		struct found found = find(&rows[i].files, &arena);

		assert_true(found.done);
		assert_string_equal(found.target.tools, rows[i].tools);
		assert_string_equal(found.target.release, "6.1-x");
		assert_non_null(strstr(found.target.kernel, "6.1-x"));
		assert_int_equal(found.target.job.initrd_count, 1);
		assert_string_equal(found.target.job.initrds[0], rows[i].initrd);
		assert_string_equal(found.target.job.command_line, rows[i].words);
		assert_true(found.target.job.crash && found.target.job.reuse_command_line);
		arena_free(&arena);
	}
}

static void else_its_own_initrd(void **state)
{
	const struct table_source files = TABLE_SOURCE(
		UNAME, { "boot/vmlinuz-6.1-x", "k" }, { "boot/initrd.img-6.1-x", "i" });
	struct arena arena;
	struct found found = find(&files, &arena);

	(void)state;
	assert_true(found.done);
	assert_null(found.target.tools);
	assert_string_equal(found.target.kernel, "/boot/vmlinuz-6.1-x");
	assert_string_equal(found.target.job.initrds[0], "/boot/initrd.img-6.1-x");
	arena_free(&arena);
}

/* Another kernel's files are none of the running one's; what cannot be read is not absent. */
static void what_is_not_found_is_said(void **state)
{
	const struct table_source other = TABLE_SOURCE(UNAME, { "boot/vmlinuz-6.2", "k" },
					  { "boot/initrd.img-6.2", "i" }),
				  hidden = TABLE_SOURCE(UNAME, { "boot/vmlinuz-6.1-x", "k" },
					  { "var/lib/kdump/initrd.img-6.1-x",
						  .is_unreadable = true }),
				  nameless = TABLE_SOURCE({ "boot/vmlinuz-6.1-x", "k" });
	struct arena arena;
	struct found found = find(&other, &arena);

	(void)state;
	assert_false(found.done);
	assert_reason(found.err, "the running kernel, Linux 6.1-x, is not in /boot by its release");
	arena_free(&arena);
	found = find(&hidden, &arena);
	assert_false(found.done);
	assert_reason(found.err, "cannot be read");
	arena_free(&arena);
	found = find(&nameless, &arena);
	assert_false(found.done);
	assert_reason(found.err, "which kernel is running is not known");
	arena_free(&arena);
}

static void again_as_it_is_recorded(void **state)
{
	static const char *const initrds[] = { "/i", NULL };
	const struct table_source none = TABLE_SOURCE({ "x", "" });
	struct system s = { .source = &none.source };
	struct loading of = { .kernel = "/k", .command_line = "a b", .call = "kexec_load" };
	struct job_request job;
	struct error err;

	(void)state;
	assert_false(crash_target_again(&s, &of, &job, &err));
	assert_reason(err, "is not recorded");
	of.initrds = initrds;
	assert_true(crash_target_again(&s, &of, &job, &err));
	assert_string_equal(job.kernel, "/k");
	assert_string_equal(job.command_line, "a b");
	assert_false(job.reuse_command_line);
	assert_int_equal(job.call, CALL_LOAD);
	assert_int_equal(job.initrd_count, 1);
	assert_true(job.crash);
	of.command_line = NULL;
	assert_false(crash_target_again(&s, &of, &job, &err));
	arena_free(&s.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_initrd_that_was_made_for_it),
		CASE(else_its_own_initrd),
		CASE(what_is_not_found_is_said),
		CASE(again_as_it_is_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
