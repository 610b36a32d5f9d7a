/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder stands in for the running kernel's. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/crash-keys.h"

static char folder[] = "/tmp/saut-test-keys-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	crash_keys_forget(folder);
	return rmdir(folder);
}

static const char *path_of(const char *name, char path[static 128])
{
	snprintf(path, 128, "%s/%s", folder, name);
	return path;
}

static bool has(const char *name, const char *text)
{
	char path[128], read_text[256] = "";
	FILE *f = fopen(path_of(name, path), "r");
	bool same;

	if (!f)
		return false;
	same = fgets(read_text, sizeof read_text, f) && strcmp(read_text, text) == 0;
	fclose(f);
	return same;
}

static void those_of_now_and_no_others(void **state)
{
	static const char *const two[] = { "cryptsetup:one", "two" }, *const three[] = { "three" };
	struct crash_keys keys = { folder, two, 2 };
	char path[128];
	struct error err;

	(void)state;
	assert_int_equal(mkdir(path_of("kdump-0", path), 0700), 0);
	assert_true(crash_keys_name(&keys, &err));
	assert_true(
		has("saut-0/description", "cryptsetup:one") && has("saut-1/description", "two"));
	keys = (struct crash_keys){ folder, three, 1 };
	assert_true(crash_keys_name(&keys, &err));
	assert_true(has("saut-0/description", "three"));
	assert_int_equal(access(path_of("saut-1", path), F_OK), -1);
	crash_keys_forget(folder);
	assert_int_equal(access(path_of("saut-0", path), F_OK), -1);
	assert_int_equal(rmdir(path_of("kdump-0", path)), 0);
}

static void what_cannot_be_named_leaves_none(void **state)
{
	static const char *const names[] = { "one", "" }, *const lines[] = { "one\ntwo" };
	struct crash_keys keys = { folder, names, 2 };
	char path[128], long_name[CRASH_KEY_NAME_MAX + 2];
	const char *const too_long[] = { long_name };
	struct error err = { 0 };

	(void)state;
	assert_false(crash_keys_name(&keys, &err));
	assert_int_equal(err.fault, FAULT_USAGE);
	assert_int_equal(access(path_of("saut-0", path), F_OK), -1);
	keys = (struct crash_keys){ folder, lines, 1 };
	assert_false(crash_keys_name(&keys, &err));
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	keys = (struct crash_keys){ folder, too_long, 1 };
	assert_false(crash_keys_name(&keys, &err));
	long_name[CRASH_KEY_NAME_MAX] = '\0';
	assert_true(crash_keys_name(&keys, &err));
	crash_keys_forget(folder);
	keys = (struct crash_keys){ "/tmp/saut-there-is-none", names, 1 };
	assert_false(crash_keys_name(&keys, &err));
	assert_int_equal(err.fault, FAULT_FILE_MISSING);
	crash_keys_forget("/tmp/saut-there-is-none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(those_of_now_and_no_others),
		CASE(what_cannot_be_named_leaves_none),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
