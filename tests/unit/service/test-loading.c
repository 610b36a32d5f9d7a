/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of what is loaded: as far as the record and the kernel's own flag agree. */
#include "test.h"

#include <string.h>

#include "../machine/table-source.h"
#include "service/loading.h"

#define BOOT_ID { "proc/sys/kernel/random/boot_id", "this-boot\n" }

static const char *const initrds[] = { "/boot/initrd 1", "/boot/it's", NULL };
static const struct loading by_hand = {
	.by = LOADER_KEXEC,
	.when = 1796000000,
	.title = "Debian GNU/Linux",
	.kernel = "/boot/vmlinuz-6.12",
	.release = "6.12.90",
	.command_line = "root=/dev/sda1 \"quiet\"",
	.initrds = initrds,
};

static struct loaded found(const char *file, const char *text, enum answer is, struct arena *arena)
{
	struct table_source source = TABLE_SOURCE(BOOT_ID, { file, text });

	return loaded_find(&source.source, is, arena);
}

static void what_is_written_is_read(void **state)
{
	struct arena arena = { 0 };
	struct loaded l = found(
		"run/saut/loaded", loaded_text(&by_hand, "this-boot", &arena), ANSWER_YES, &arena);

	(void)state;
	assert_true(l.has_record);
	assert_false(l.is_stale);
	assert_int_equal(l.of.by, LOADER_KEXEC);
	assert_int_equal(l.of.when, 1796000000);
	assert_string_equal(l.of.title, by_hand.title);
	assert_string_equal(l.of.kernel, by_hand.kernel);
	assert_string_equal(l.of.release, by_hand.release);
	assert_string_equal(l.of.command_line, by_hand.command_line);
	assert_string_equal(l.of.initrds[0], initrds[0]);
	assert_string_equal(l.of.initrds[1], initrds[1]);
	assert_null(l.of.initrds[2]);
	assert_false(loaded_is_services(&l));
	arena_free(&arena);
}

/* A record of the one is none of the other. */
static void what_is_for_a_panic_is_apart(void **state)
{
	struct arena arena = { 0 };
	struct loading l = by_hand;
	struct table_source source;
	struct loaded read;

	(void)state;
	l.call = "kexec_load";
	source = (struct table_source)TABLE_SOURCE(
		BOOT_ID, { "run/saut/crash", loaded_text(&l, "this-boot", &arena) });
	read = loaded_crash_find(&source.source, ANSWER_YES, &arena);
	assert_true(read.has_record);
	assert_string_equal(read.of.kernel, by_hand.kernel);
	assert_string_equal(read.of.call, "kexec_load");
	assert_false(loaded_find(&source.source, ANSWER_YES, &arena).has_record);
	read = loaded_crash_find(&source.source, ANSWER_NO, &arena);
	assert_true(!read.has_record && read.is_stale);
	source = (struct table_source)TABLE_SOURCE(
		BOOT_ID, { "run/saut/crash", loaded_text(&l, "another-boot", &arena) });
	assert_false(loaded_crash_find(&source.source, ANSWER_YES, &arena).has_record);
	source = (struct table_source)TABLE_SOURCE(BOOT_ID,
		{ "run/saut/crash", loaded_text(&l, "this-boot", &arena) },
		{ "run/saut-service", "/boot/vmlinuz\n" });
	assert_false(loaded_crash_find(&source.source, ANSWER_NO, &arena).has_record);
	arena_free(&arena);
}

/* No initrd is not the same as none that is known; so it is with the command line. */
static void unknown_stays_unknown(void **state)
{
	static const char *const none[] = { NULL };
	struct loading l = { .kernel = "/k", .by = LOADER_SERVICE, .initrds = none };
	struct arena arena = { 0 };
	struct loaded read =
		found("run/saut/loaded", loaded_text(&l, "this-boot", &arena), ANSWER_YES, &arena);

	(void)state;
	assert_true(loaded_is_services(&read));
	assert_non_null(read.of.initrds);
	assert_null(read.of.initrds[0]);
	assert_null(read.of.command_line);
	assert_string_equal(read.of.release, "");
	l.initrds = NULL;
	read = found("run/saut/loaded", loaded_text(&l, "this-boot", &arena), ANSWER_YES, &arena);
	assert_null(read.of.initrds);
	arena_free(&arena);
}

static void the_kernels_flag_has_the_last_word(void **state)
{
	struct arena arena = { 0 };
	const char *text = loaded_text(&by_hand, "this-boot", &arena);
	struct loaded l;

	(void)state;
	l = found("run/saut/loaded", text, ANSWER_NO, &arena);
	assert_true(l.is_stale && !l.has_record);
	assert_string_equal(l.of.kernel, by_hand.kernel);
	l = found("run/saut/loaded", text, ANSWER_UNKNOWN, &arena);
	assert_true(l.has_record && !l.is_stale);
	l = found("run/other", text, ANSWER_YES, &arena);
	assert_true(!l.has_record && !l.is_stale && !l.unread);
	/* Where /run outlives a boot. */
	l = found("run/saut/loaded", loaded_text(&by_hand, "other", &arena), ANSWER_YES, &arena);
	assert_true(!l.has_record && !l.unread);
	arena_free(&arena);
}

static void what_cannot_be_read_is_nobodys(void **state)
{
	static const char *const texts[] = { "", "KERNEL=/k\n", "BOOT_ID=this-boot\n", "\377\376" };
	struct table_source source = TABLE_SOURCE(BOOT_ID,
		{ "run/saut/loaded", .is_unreadable = true }, { "run/saut-service", "/boot/k\n" });
	struct arena arena = { 0 };
	struct loaded l = loaded_find(&source.source, ANSWER_YES, &arena);

	(void)state;
	assert_false(l.has_record);
	assert_non_null(strstr(l.unread, "cannot be read"));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		l = found("run/saut/loaded", texts[i], ANSWER_YES, &arena);
		assert_false(l.has_record);
		assert_string_equal(l.unread, "/run/saut/loaded is not understood");
	}
	arena_free(&arena);
}

/* At each byte: it is the record, or none. */
static void a_cut_one_is_none_or_whole(void **state)
{
	struct arena arena = { 0 };
	const char *text = loaded_text(&by_hand, "this-boot", &arena);

	(void)state;
	for (size_t n = 0; n < strlen(text); n++) {
		const char *cut = arena_string(&arena, view_first(view_of_string(text), n));
		struct loaded l = found("run/saut/loaded", cut, ANSWER_YES, &arena);

		if (l.has_record)
			assert_string_equal(l.of.kernel, by_hand.kernel);
	}
	arena_free(&arena);
}

/* An earlier version left the kernel's path alone, while its service had loaded it. */
static void the_old_mark_is_the_services(void **state)
{
	struct arena arena = { 0 };
	struct loaded l = found("run/saut-service", "/boot/vmlinuz\n", ANSWER_YES, &arena);

	(void)state;
	assert_true(loaded_is_services(&l));
	assert_string_equal(l.of.kernel, "/boot/vmlinuz");
	assert_int_equal(l.of.when, 0);
	l = found("run/saut-service", "/boot/vmlinuz\n", ANSWER_NO, &arena);
	assert_true(l.is_stale);
	assert_false(loaded_is_services(&l));
	arena_free(&arena);
}

#define MOUNTS { "proc/self/mountinfo", "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n" }

/* Only what is known to be gone is: where nothing is mounted, a file is absent as well. */
static void a_kernel_whose_file_is_gone_is_not_kept(void **state)
{
	static const struct {
		struct table_file file;
		const char *fstab;
		enum loader by;
		bool is_gone, is_kept;
	} rows[] = {
		{ { "boot/vmlinuz-6.12", "x" }, "", LOADER_KEXEC, false, true },
		{ { "boot/vmlinuz-6.1", "x" }, "", LOADER_KEXEC, true, false },
		{ { "boot/vmlinuz-6.1", "x" }, "", LOADER_SERVICE, true, false },
		{ { "boot/vmlinuz-6.12", "x" }, "", LOADER_SERVICE, false, false },
		{ { "home/x", "x" }, "", LOADER_SAUT, false, true },
		{ { "boot/vmlinuz-6.1", "x" }, "/dev/sda1 /boot ext4 noauto 0 0\n", LOADER_KEXEC,
			false, true },
		{ { .path = "boot", .is_unreadable = true }, "", LOADER_KEXEC, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = { 0 };
		struct loading l = by_hand;
		struct loaded seen;
		struct table_source source;

		l.by = rows[i].by;
		source = TABLE_SOURCE(BOOT_ID, MOUNTS, { "etc/fstab", rows[i].fstab }, rows[i].file,
			{ "run/saut/loaded", loaded_text(&l, "this-boot", &arena) });
		seen = loaded_find(&source.source, ANSWER_YES, &arena);
		assert_int_equal(seen.is_gone, rows[i].is_gone);
		assert_int_equal(loaded_is_kept(&seen), rows[i].is_kept);
		arena_free(&arena);
	}
}

/* As kexec-tools leaves no record, nothing is known of its file, and it stays. */
static void what_nobody_recorded_is_kept(void **state)
{
	const struct loaded l = { .is = ANSWER_YES }, none = { .is = ANSWER_NO };

	(void)state;
	assert_true(loaded_is_kept(&l));
	assert_false(loaded_is_kept(&none));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(what_is_for_a_panic_is_apart),
		CASE(unknown_stays_unknown),
		CASE(the_kernels_flag_has_the_last_word),
		CASE(what_cannot_be_read_is_nobodys),
		CASE(a_cut_one_is_none_or_whole),
		CASE(the_old_mark_is_the_services),
		CASE(a_kernel_whose_file_is_gone_is_not_kept),
		CASE(what_nobody_recorded_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
