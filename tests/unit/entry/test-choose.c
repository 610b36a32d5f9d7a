/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "entry/entry.h"

#define ENTRY(name, version_, more...)           \
	{ .id = name,                            \
		.title = "Title " name,          \
		.version = version_,             \
		.release = version_,             \
		.kernel = "/boot/vmlinuz-" name, \
		.file = "/boot/grub/grub.cfg",   \
		.line = 1,                       \
		more }

static const struct entry items[] = {
	ENTRY("rescue", "6.1.0-9", .is_running = true, .obstacle = "no"),
	ENTRY("new", "6.1.0-10", ),
	ENTRY("old", "6.1.0-9", .is_running = true),
	ENTRY("default", "6.1.0-9", .is_running = true, .is_default = true),
	ENTRY("newest", "6.1.0-11", .obstacle = "its kernel is not there"),
	ENTRY("bad", "6.1.0-12", .is_counted = true),
	ENTRY("again", "6.1.0-10", ),
	ENTRY("none", "", ),
};

static const struct entries entries = { .items = items, .count = sizeof items / sizeof *items };

static const struct {
	struct entry_wish wish;
	const char *id; /* NULL: refused */
	enum fault fault;
	const char *reason;
} wishes[] = {
	{ { ENTRY_BY_DEFAULT, NULL }, "default" },
	{ { ENTRY_BY_RUNNING, NULL }, "default" },
	{ { ENTRY_BY_NEWEST, NULL }, "new" },
	{ { ENTRY_BY_NAME, "old" }, "old" },
	{ { ENTRY_BY_NAME, "Title again" }, "again" },
	{ { ENTRY_BY_NAME, "6.1.0-10" }, "new" },
	{ { ENTRY_BY_NAME, "6.1.0-9" }, "default" },
	{ { ENTRY_BY_NAME, "/boot/vmlinuz-old" }, "old" },
	{ { ENTRY_BY_NAME, "newest" }, NULL, FAULT_ENTRY_REFUSED, "its kernel is not there" },
	{ { ENTRY_BY_NAME, "6.1" }, NULL, FAULT_NO_ENTRY, "\"6.1\"" },
	{ { ENTRY_BY_NAME, "" }, NULL, FAULT_NO_ENTRY, "no entry" },
	{ { ENTRY_BY_NAME, "/boot/grub/grub.cfg" }, NULL, FAULT_NO_ENTRY, "no entry" },
};

static void wishes_are_met(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		const struct entry *chosen = NULL;
		struct error err = { 0 };
		bool done = entry_choose(&entries, wishes[i].wish, &chosen, &err);

		assert_int_equal(done, wishes[i].id != NULL);
		if (done) {
			assert_string_equal(chosen->id, wishes[i].id);
			continue;
		}
		assert_null(chosen);
		assert_int_equal(err.fault, wishes[i].fault);
		assert_int_equal(fault_class(err.fault), CLASS_REFUSED);
		assert_reason(err, wishes[i].reason);
	}
}

static void nothing_is_chosen_of_nothing(void **state)
{
	static const struct entries none = { 0 };
	const struct entry *chosen;

	(void)state;
	for (enum entry_wanted_by by = ENTRY_BY_DEFAULT; by <= ENTRY_BY_NEWEST; by++) {
		struct error err = { 0 };

		assert_false(entry_choose(&none, (struct entry_wish){ by, "x" }, &chosen, &err));
		assert_int_equal(err.fault, FAULT_NO_ENTRY);
		assert_non_null(fault_hint(err.fault));
	}
}

/* Another entry than the loader's would be the worst answer: none is given. */
static void what_cannot_be_read_is_not_absent(void **state)
{
	static const char *const files[] = { "boot/grub/grub.cfg", "boot",
		"boot/extlinux/extlinux.conf", "boot/loader/entries", "boot/loader/loader.conf" };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct entry *ignored;
		struct fixture x;

		fixture_find(&x,
			TABLE_SOURCE(UNAME("6.1.0"), { files[i], .is_unreadable = true },
				EMPTY("boot/vmlinuz-6.1.0"), EMPTY("vmlinuz")));
		assert_string_equal(fixture_default(&x), "");
		assert_non_null(strstr(x.entries.no_default, files[i]));
		assert_false(entry_choose(
			&x.entries, (struct entry_wish){ ENTRY_BY_DEFAULT }, &ignored, &x.err));
		assert_int_equal(x.err.fault, FAULT_ENTRY_UNKNOWN);
		assert_false(entry_choose(
			&x.entries, (struct entry_wish){ ENTRY_BY_NEWEST }, &ignored, &x.err));
		fixture_end(&x);
	}
}

/* What the finders stand on: another kernel may be meant, on what nobody has mounted. */
static void a_ground_that_cannot_be_read_is_doubted(void **state)
{
	static const char *const files[] = { "etc/fstab", "proc/self/mountinfo", "sys/firmware/efi",
		"saut/uname" };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct entry *ignored;
		struct fixture x;

		fixture_find(&x,
			TABLE_SOURCE({ files[i], .is_unreadable = true }, UNAME("6.1.0"),
				EMPTY("boot/vmlinuz-6.1.0"),
				{ "boot/grub/grub.cfg",
					"menuentry A { linux /boot/vmlinuz-6.1.0 }" }));
		assert_string_equal(fixture_default(&x), "");
		assert_non_null(strstr(x.entries.no_default, files[i]));
		assert_non_null(strstr(x.entries.incomplete, files[i]));
		assert_false(entry_choose(
			&x.entries, (struct entry_wish){ ENTRY_BY_DEFAULT }, &ignored, &x.err));
		assert_int_equal(x.err.fault, FAULT_ENTRY_UNKNOWN);
		fixture_end(&x);
	}
}

/* What udev says of a file system decides which one a UUID means. */
static void a_device_that_cannot_be_read_is_doubted(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "run/udev/data/b8:2", .is_unreadable = true }, UNAME("6.1.0"),
			{ "proc/self/mountinfo", "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n" },
			EMPTY("boot/vmlinuz-6.1.0")));
	assert_string_equal(fixture_default(&x), "");
	assert_non_null(strstr(x.entries.no_default, "/run/udev/data/b8:2 cannot be read"));
	fixture_end(&x);
}

/* Of NixOS' systems, which have one kernel: none is known to run. */
static void a_command_line_that_cannot_be_read_tells_no_system(void **state)
{
	const struct entry *ignored;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "proc/cmdline", .is_unreadable = true }, UNAME("6.1.0"),
			EMPTY("boot/vmlinuz-6.1.0"),
			{ "boot/grub/grub.cfg",
				"menuentry A { linux /boot/vmlinuz-6.1.0 init=/nix/store/a/init }\n"
				"menuentry B { linux /boot/vmlinuz-6.1.0 init=/nix/store/b/init }" }));
	assert_false(fixture_entry(&x, "A")->is_running);
	assert_false(fixture_entry(&x, "B")->is_running);
	assert_false(entry_choose(
		&x.entries, (struct entry_wish){ ENTRY_BY_RUNNING }, &ignored, &x.err));
	fixture_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_cannot_be_read_is_not_absent),
		CASE(a_ground_that_cannot_be_read_is_doubted),
		CASE(a_device_that_cannot_be_read_is_doubted),
		CASE(a_command_line_that_cannot_be_read_tells_no_system),
		CASE(wishes_are_met),
		CASE(nothing_is_chosen_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
