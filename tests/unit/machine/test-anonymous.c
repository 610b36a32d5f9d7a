/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a capture has of a file, and how it is written and read again. */
#include "test.h"

#include "machine/anonymous.h"
#include "machine/archive.h"

struct shown {
	struct arena arena;
	struct anonymous state;
};

static const char *show(struct shown *s, const char *path, const char *text)
{
	struct view shown;
	bool is_left_out;

	assert_true(anonymous_file(
		&s->state, path, view_of_string(text), &s->arena, &shown, &is_left_out));
	return is_left_out ? NULL : arena_string(&s->arena, shown);
}

static void files_by_their_names(void **state)
{
	(void)state;
	assert_true(anonymous_takes("proc/iomem"));
	assert_true(anonymous_takes("sys/firmware/memmap/0/start"));
	assert_true(anonymous_takes("proc/1/comm"));
	assert_false(anonymous_takes("proc/12/environ"));
	assert_false(anonymous_takes("etc/shadow"));
	assert_false(anonymous_takes("root/.ssh/id_rsa"));
	assert_false(anonymous_takes("sys/class/dmi/id/board_serial"));
	assert_false(anonymous_takes("sys/class/dmi/id/product_uuid"));
	assert_false(anonymous_takes(
		"sys/firmware/efi/efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"));
}

/* The same for the same, others for others, of the same length. */
static void numbers_stand_for_names(void **state)
{
	struct shown s = { .state = { .host = "cellar" } };

	(void)state;
	assert_string_equal(show(&s, "proc/cmdline",
				    "root=UUID=3f2b8c1e-0d4a-4e67-9b55-a1c2d3e4f506 cellar cellars "
				    "a=3F2B8C1E-0d4a-4e67-9b55-a1c2d3e4f506 "
				    "b=4f2b8c1e-0d4a-4e67-9b55-a1c2d3e4f506 m=52:54:00:12:34:56 "
				    "ip=10.0.0.1 x"),
		"root=UUID=00000000-0000-0000-0000-000000000001 xxxxxx cellars "
		"a=00000000-0000-0000-0000-000000000001 "
		"b=00000000-0000-0000-0000-000000000002 m=00:00:00:00:00:01 "
		"ip=xxxxxxxx x");
	/* What decides something is left alone. */
	assert_string_equal(show(&s, "saut/uname", "6.1-cellar x86_64\n"), "6.1-cellar x86_64\n");
	assert_string_equal(show(&s, "proc/iomem", "00:11:22:33:44\n"), "00:11:22:33:44\n");
	arena_free(&s.arena);
}

static void lines_and_columns(void **state)
{
	struct shown s = { 0 };

	(void)state;
	assert_string_equal(
		show(&s, "proc/self/status", "Name:\tx\nCapEff:\t1\nUid:\t0"), "CapEff:\t1\n");
	assert_null(show(&s, "proc/self/status", "Name:\tx\n"));
	assert_string_equal(
		show(&s, "proc/modules", "a 1 2 - Live 0xfff\n\nb 1\n"), "a 1 2 - Live\n\nb 1\n");
	assert_string_equal(show(&s, "proc/fb", ""), "");
	arena_free(&s.arena);
}

/* Of the root alone, and of the network no more than its kind. */
static void mounts(void **state)
{
	struct shown s = { 0 };

	(void)state;
	assert_string_equal(
		show(&s, "proc/mounts",
			"rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 rw,errors=x 0 0\n"
			"nas:/export/web1 / nfs4 rw,addr=10.0.0.7 0 0\n"
			"//nas/jo / cifs rw,username=jo 0 0\n/dev/sdb1 /home ext4 rw\nx /\n"),
		"rootfs / rootfs\n/dev/sda1 / ext4\nxxxxxxxxxxxxxxxx / nfs4\nxxxxxxxx / cifs\n");
	assert_null(show(&s, "proc/mounts", "/dev/sdb1 /home ext4 rw\n"));
	assert_string_equal(
		show(&s, "proc/self/mountinfo",
			"1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=x\n"
			"2 0 0:9 /a / rw - nfs4 nas:/export/web1 rw,addr=10.0.0.7\n"
			"3 1 8:2 / /home rw - ext4 /dev/sdb1 rw\n4 1 8:2 / / rw - ext4\n5 1 8:2 /\n"),
		"1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1\n"
		"2 0 0:9 /a / rw - nfs4 xxxxxxxxxxxxxxxx\n");
	arena_free(&s.arena);
}

/* At each length: nothing behind the headers, and nothing before them is taken for some. */
static void no_memory_is_shown(void **state)
{
	uint8_t core[300] = { 0x7f, 'E', 'L', 'F', 2 };
	struct shown s = { 0 };

	(void)state;
	core[56] = 2;
	memset(core + 64 + 2 * 56, 'S', sizeof core - 64 - 2 * 56);
	for (size_t n = 0; n <= sizeof core; n++) {
		struct view shown = { 0 };
		bool is_left_out;

		assert_true(anonymous_file(&s.state, "proc/kcore", (struct view){ core, n },
			&s.arena, &shown, &is_left_out));
		assert_true(is_left_out || shown.n <= 64 + 2 * 56);
		assert_true(is_left_out || !shown.n || !memchr(shown.p, 'S', shown.n));
	}
	arena_free(&s.arena);
}

/* Of hostile bytes no capture is an error, and no file begins within another one. */
static void what_is_written_is_read(void **state)
{
	static const uint8_t nothing_plain[] = "a\n=== b\n\0\xff\x1b";
	const struct archive_file files[] = {
		{ "a/b", view_of_string("text\n"), false },
		{ "a/c", view_of_string("=== a/d\nx\n"), false },
		{ "a/e", { nothing_plain, sizeof nothing_plain }, false },
		{ "a/f", view_of_string(""), false },
		{ "a/g", view_of_string("it is no file\n"), true },
		{ "a/h", view_of_string("no end"), false },
	};
	const size_t count = sizeof files / sizeof *files;
	struct arena arena = { 0 };
	const char *text = archive_write(files, count, "about", &arena);
	struct archive archive;
	struct error err = { 0 };

	(void)state;
	assert_true(archive_parse(view_of_string(text), &arena, &archive, &err));
	assert_int_equal(archive.count, count);
	for (size_t i = 0; i < count; i++) {
		struct view bytes = { 0 };
		enum presence is =
			archive.source.read(&archive.source, files[i].path, &arena, &bytes, &err);

		assert_int_equal(is, files[i].is_unreadable ? IS_UNREADABLE : IS_THERE);
		if (is == IS_THERE) {
			assert_int_equal(bytes.n, files[i].bytes.n);
			assert_true(!bytes.n || memcmp(bytes.p, files[i].bytes.p, bytes.n) == 0);
		}
	}
	assert_string_equal(
		err.reason, "/a/g could not be read where it was captured: it is no file");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_by_their_names),
		cmocka_unit_test(numbers_stand_for_names),
		cmocka_unit_test(lines_and_columns),
		cmocka_unit_test(mounts),
		cmocka_unit_test(no_memory_is_shown),
		cmocka_unit_test(what_is_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
