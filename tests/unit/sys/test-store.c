/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_file_is_written_replaced_and_removed),
		CASE(a_failure_says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
