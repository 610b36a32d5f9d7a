/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The next kernel's command line from a boot service: above all, root= is in it once. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/line.h"

#define RUNNING "BOOT_IMAGE=/vmlinuz root=UUID=1 ro quiet"

static const struct {
	struct service_line line;
	const char *made;
} rows[] = {
	/* Nothing is set: the running kernel's line, with the root= that it has. */
	{ { .running = RUNNING, .mounted = "/dev/sda1" }, "root=UUID=1 ro quiet" },
	{ { .running = "ro quiet", .mounted = "/dev/sda1" }, "root=/dev/sda1 ro quiet" },
	{ { .running = "ro quiet" }, "ro quiet" },
	/* Several from earlier kexecs: the last one is what the kernel took. */
	{ { .running = "root=/dev/sda1 ro root=UUID=1 root=/dev/sda2", .mounted = "/dev/sda2" },
		"ro root=/dev/sda2" },
	{ { .running = "root=/dev/sda1 ro", .root = "/dev/sda1" }, "root=/dev/sda1 ro" },
	{ { .running = RUNNING, .root = "/dev/sdb1" }, "root=/dev/sdb1 ro quiet" },
	/* KPARAM instead of the running kernel's line, or behind it. */
	{ { .running = RUNNING, .parameters = "debug", .mounted = "/dev/sda1" },
		"root=UUID=1 debug" },
	{ { .running = "ro", .parameters = "debug", .mounted = "/dev/sda1" },
		"root=/dev/sda1 debug" },
	{ { .running = RUNNING, .parameters = "debug root=LABEL=x" }, "debug root=LABEL=x" },
	{ { .running = RUNNING, .parameters = "debug", .reuses = true },
		"root=UUID=1 ro quiet debug" },
	{ { .running = RUNNING, .parameters = "root=LABEL=x", .reuses = true, .root = "/dev/sdb1" },
		"ro quiet root=LABEL=x" },
	{ { .running = RUNNING, .appended = "panic=5" }, "root=UUID=1 ro quiet panic=5" },
	/* An entry has its own line. */
	{ { .running = RUNNING, .given = "root=UUID=2 rw", .mounted = "/dev/sda1" },
		"root=UUID=2 rw" },
	{ { .running = RUNNING, .given = "rw", .mounted = "/dev/sda1" }, "rw" },
	{ { .running = RUNNING,
		  .given = "root=UUID=2 rw",
		  .root = "/dev/sdb1",
		  .parameters = "debug" },
		"root=/dev/sdb1 rw debug" },
	/* APPEND is all of it. */
	{ { .running = RUNNING,
		  .whole = "root=/dev/sdc1 single",
		  .parameters = "debug",
		  .root = "/dev/sdb1",
		  .mounted = "/dev/sda1" },
		"root=/dev/sdc1 single" },
	/* A word that only looks like it, and one in quotes. */
	{ { .running = "rootdelay=5 nfsroot=x root=UUID=1" }, "rootdelay=5 nfsroot=x root=UUID=1" },
	{ { .running = "dyndbg=\"a root=b\" root=UUID=1", .root = "/dev/sdb1" },
		"root=/dev/sdb1 dyndbg=\"a root=b\"" },
	/* What stands behind "--" is no longer the kernel's. */
	{ { .running = "ro -- single", .mounted = "/dev/sda1" }, "root=/dev/sda1 ro -- single" },
};

/* The line of a kernel that was jumped into is the next one's again: it does not grow. */
static void a_second_jump_adds_nothing(void **state)
{
	static const struct service_line lines[] = {
		{ .running = RUNNING, .parameters = "quiet panic=10", .reuses = true },
		{ .running = RUNNING,
			.appended = "panic=5",
			.parameters = "debug",
			.reuses = true },
		{ .running = RUNNING, .parameters = "x root=LABEL=x y", .reuses = true },
		{ .running = RUNNING, .parameters = "debug", .reuses = true, .root = "/dev/sdb1" },
		{ .running = "ro", .appended = "panic=5", .mounted = "/dev/sda1" },
		{ .running = RUNNING, .parameters = "debug" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct service_line line = lines[i];
		struct arena arena = { 0 };
		struct notes notes = { .arena = &arena };
		const char *first;

		line.whole = "";
		line.appended = line.appended ? line.appended : "";
		line.parameters = line.parameters ? line.parameters : "";
		line.root = line.root ? line.root : "";
		first = service_line_make(&line, &arena, &notes);
		line.running = first;
		assert_string_equal(service_line_make(&line, &arena, &notes), first);
		arena_free(&arena);
	}
}

static void root_is_said_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct service_line line = rows[i].line;
		struct arena arena = { 0 };
		struct notes notes = { .arena = &arena };
		const char *made;

		line.whole = line.whole ? line.whole : "";
		line.appended = line.appended ? line.appended : "";
		line.parameters = line.parameters ? line.parameters : "";
		line.root = line.root ? line.root : "";
		made = service_line_make(&line, &arena, &notes);
		assert_non_null(made);
		if (strcmp(made, rows[i].made) != 0)
			fail_msg("row %zu: \"%s\", not \"%s\"", i, made, rows[i].made);
		/* And so for ever: a kexec from there changes nothing. */
		line.running = made;
		line.given = NULL;
		line.reuses = true;
		line.parameters = line.appended = line.root = line.whole = "";
		line.mounted = NULL;
		assert_string_equal(service_line_make(&line, &arena, &notes), rows[i].made);
		arena_free(&arena);
	}
}

static const struct {
	const char *mounts, *root;
} mounts[] = {
	{ "/dev/sda1 / ext4 rw 0 0\n", "/dev/sda1" },
	{ "rootfs / rootfs rw 0 0\nproc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n",
		"/dev/sda1" },
	{ "/dev/sda1 / ext4 rw 0 0\n/dev/sda2 /boot ext4 rw 0 0\n", "/dev/sda1" },
	{ "/dev/root / ext4 rw 0 0\n", NULL },
	{ "rpool/ROOT / zfs rw 0 0\n", NULL },
	{ "server:/x / nfs rw 0 0\n", NULL },
	{ "", NULL },
	{ "/dev/sda1", NULL },
};

static void what_is_mounted_at_the_root(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		struct table_source source = TABLE_SOURCE({ "proc/mounts", mounts[i].mounts });
		struct arena arena = { 0 };
		const char *root;
		struct error err;

		assert_true(service_line_root(&source.source, &arena, &root, &err));
		assert_int_equal(!root, !mounts[i].root);
		if (root)
			assert_string_equal(root, mounts[i].root);
		arena_free(&arena);
	}
}

static void mounts_that_cannot_be_read_are_not_none(void **state)
{
	struct table_source source = TABLE_SOURCE({ "proc/mounts", .is_unreadable = true });
	struct table_source none = TABLE_SOURCE({ "x", "" });
	struct arena arena = { 0 };
	const char *root;
	struct error err;

	(void)state;
	assert_false(service_line_root(&source.source, &arena, &root, &err));
	assert_non_null(strstr(err.reason, "/proc/mounts cannot be read"));
	assert_true(service_line_root(&none.source, &arena, &root, &err));
	assert_null(root);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(root_is_said_once),
		CASE(a_second_jump_adds_nothing),
		CASE(what_is_mounted_at_the_root),
		CASE(mounts_that_cannot_be_read_are_not_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
