/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/store.h"

static void assert_holds(const char *path, const char *text)
{
	char bytes[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, sizeof bytes - 1, file), strlen(text));
	assert_string_equal(bytes, text);
	fclose(file);
}

static void a_file_is_written_replaced_and_removed(void **state)
{
	char folder[] = "/tmp/saut-store-XXXXXX", path[64], below[64];
	struct error err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(below, sizeof below, "%s/made/deep", folder);
	snprintf(path, sizeof path, "%s/made/deep/file", folder);
	assert_true(store_file(path, "one\n", &err));
	assert_holds(path, "one\n");
	assert_true(store_file(path, "two\n", &err));
	assert_holds(path, "two\n");
	assert_true(store_remove(path, &err));
	assert_int_equal(access(path, F_OK), -1);
	assert_true(store_remove(path, &err));
	assert_int_equal(rmdir(below), 0);
	*strrchr(below, '/') = '\0';
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* The file stays the same one, whose blocks others know. */
static void in_its_place(void **state)
{
	char folder[] = "/tmp/saut-store-XXXXXX", path[64];
	struct view one = view_of_string("one\n"), two = view_of_string("two\n");
	struct stat before, after;
	struct error err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/file", folder);
	assert_false(store_in_place(path, one, two, &err));
	assert_true(store_file(path, "one\n", &err));
	assert_int_equal(stat(path, &before), 0);
	assert_true(store_in_place(path, one, two, &err));
	assert_holds(path, "two\n");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	/* It is not what it was when it was looked at; it would get another size. */
	assert_false(store_in_place(path, one, two, &err));
	assert_false(store_in_place(path, two, view_of_string("three\n"), &err));
	assert_holds(path, "two\n");
	assert_true(store_may_write(path));
	assert_true(store_remove(path, &err));
	assert_false(store_may_write(path));
	assert_int_equal(rmdir(folder), 0);
}

static void a_failure_says_where(void **state)
{
	struct error err;

	(void)state;
	assert_false(store_file("/proc/no/such", "x", &err));
	assert_int_equal(err.fault, FAULT_FILE_UNWRITABLE);
	assert_reason(err, "/proc/no/such");
	assert_true(store_remove("/proc/self/no-such-file", &err));
	assert_false(store_remove("/proc/1/comm", &err));
	assert_reason(err, "/proc/1/comm");
}

enum { WRITERS = 4, WRITES = 200, LINES = 4000 };

/* One letter all through; longer than what one read gives. */
static void write_often(const char *path, char letter)
{
	static char text[LINES + 1];
	struct error err;

	memset(text, letter, LINES);
	for (int i = 0; i < WRITES; i++)
		if (!store_file(path, text, &err))
			_exit(1);
	_exit(0);
}

static void assert_whole(const char *path)
{
	char text[LINES + 2];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof text, file), LINES);
	fclose(file);
	for (int i = 1; i < LINES; i++)
		assert_int_equal(text[i], text[0]);
}

/* None fails, and a reader never sees a part of a file or a mixture. */
static void several_may_write_at_once(void **state)
{
	char folder[] = "/tmp/saut-store-XXXXXX", path[64];
	int left = WRITERS, status;
	pid_t children[WRITERS];
	struct error err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/file", folder);
	for (int i = 0; i < WRITERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			write_often(path, (char)('a' + i));
	}
	while (left) {
		if (access(path, F_OK) == 0)
			assert_whole(path);
		while (left && waitpid(-1, &status, WNOHANG) > 0) {
			assert_int_equal(status, 0);
			left--;
		}
	}
	assert_whole(path);
	assert_true(store_remove(path, &err));
	/* Nothing else was left behind. */
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_file_is_written_replaced_and_removed),
		CASE(in_its_place),
		CASE(a_failure_says_where),
		CASE(several_may_write_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
