/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of a folder of our own: whole or not at all, and nobody else's. */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "sys/cache.h"

enum { HEADER = 4 };

static char above[] = "/tmp/saut-test-cache-XXXXXX", folder[64], inside[128];

static const char *in(const char *name)
{
	snprintf(inside, sizeof inside, "%s/%s", folder, name);
	return inside;
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(above))
		return -1;
	snprintf(folder, sizeof folder, "%s/cache", above);
	return 0;
}

static int remove_folder(void **state)
{
	static const char *const none[] = { NULL };

	(void)state;
	cache_leave_only(folder, none);
	return rmdir(folder) || rmdir(above);
}

static unsigned count(void)
{
	DIR *names = opendir(folder);
	unsigned n = 0;

	assert_non_null(names);
	for (struct dirent *d; (d = readdir(names));)
		n += d->d_name[0] != '.';
	closedir(names);
	return n;
}

static void begin_file(struct cache_file *file, uint64_t limit)
{
	struct error err;

	if (!cache_begin(folder, HEADER, limit, file, &err))
		fail_msg("%s", err.reason);
}

static void write_one(const char *name, const char *text)
{
	struct cache_file file;
	struct error err;

	begin_file(&file, 1000);
	for (const char *p = text; *p; p++)
		assert_true(sink_put(&file.sink, (struct view){ (const uint8_t *)p, 1 }, &err));
	assert_true(cache_keep(&file, name, (const uint8_t *)"head", &err));
}

static void expect_one(const char *name, const char *text)
{
	struct file file;

	assert_true(cache_open(folder, name, &file));
	assert_true(view_equal(file.bytes, view_of_string(text)));
	file_close(&file);
}

static bool is_there(const char *name)
{
	struct file file;

	if (!cache_open(folder, name, &file))
		return false;
	file_close(&file);
	return true;
}

static void it_is_kept_and_replaced(void **state)
{
	struct stat st;

	(void)state;
	assert_false(is_there("one"));
	write_one("one", "and all");
	expect_one("one", "headand all");
	write_one("one", "more");
	expect_one("one", "headmore");
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(in("one"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(count(), 1);
}

static void what_is_too_large_leaves_nothing(void **state)
{
	struct cache_file file;
	struct error err;

	(void)state;
	begin_file(&file, 10);
	assert_true(sink_put(&file.sink, view_of_string("0123456789"), &err));
	assert_false(sink_put(&file.sink, view_of_string("x"), &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	cache_drop(&file);
	cache_drop(&file);
	assert_int_equal(count(), 1);
	expect_one("one", "headmore");
}

static void what_others_may_have_written_is_none(void **state)
{
	struct cache_file file;
	struct error err;

	(void)state;
	assert_int_equal(chmod(in("one"), 0620), 0);
	assert_false(is_there("one"));
	assert_int_equal(chmod(in("one"), 0602), 0);
	assert_false(is_there("one"));
	assert_int_equal(chmod(in("one"), 0600), 0);
	assert_true(is_there("one"));
	assert_int_equal(symlink("one", in("two")), 0);
	assert_false(is_there("two"));
	assert_int_equal(mkfifo(in("three"), 0600), 0);
	assert_false(is_there("three"));
	assert_int_equal(chmod(folder, 0770), 0);
	assert_false(is_there("one"));
	assert_false(cache_begin(folder, HEADER, 10, &file, &err));
	assert_int_equal(chmod(folder, 0700), 0);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(in("one"), 65534, 0), 0);
	assert_true(is_there("one") == false);
	assert_int_equal(chown(in("one"), 0, 0), 0);
	assert_int_equal(chown(folder, 65534, 0), 0);
	assert_false(is_there("one"));
	assert_int_equal(chown(folder, 0, 0), 0);
}

static void a_folder_may_be_no_link(void **state)
{
	char link[128], moved[128];

	(void)state;
	snprintf(link, sizeof link, "%s", folder);
	snprintf(moved, sizeof moved, "%s/moved", above);
	assert_int_equal(rename(link, moved), 0);
	assert_int_equal(symlink(moved, link), 0);
	assert_false(is_there("one"));
	assert_int_equal(unlink(link), 0);
	assert_int_equal(rename(moved, link), 0);
	assert_true(is_there("one"));
}

/* /dev/shm is one by POSIX's use of it on Linux, where there is one. */
static void memory_is_told_from_a_disk(void **state)
{
	struct statfs fs;

	(void)state;
	if (statfs("/dev/shm", &fs) == 0 && fs.f_type == TMPFS_MAGIC)
		assert_true(cache_space("/dev/shm/saut-test-none").is_memory);
	assert_int_equal(cache_space("/proc/saut-test-none").available, 0);
}

static void only_what_is_named_stays(void **state)
{
	static const char *const left[] = { "one", "four", NULL };

	(void)state;
	write_one("four", "x");
	assert_int_equal(count(), 4);
	assert_true(cache_space(folder).held > 0);
	assert_true(cache_space(folder).available > 0);
	cache_leave_only(folder, left);
	assert_int_equal(count(), 2);
	assert_true(is_there("one"));
	assert_true(is_there("four"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(it_is_kept_and_replaced),
		CASE(what_is_too_large_leaves_nothing),
		CASE(what_others_may_have_written_is_none),
		CASE(a_folder_may_be_no_link),
		CASE(memory_is_told_from_a_disk),
		CASE(only_what_is_named_stays),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
