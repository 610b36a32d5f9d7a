/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/efi-variable.h"

/* As far as another file system is like efivarfs. */
static void one_of_somebody_else_is_left_alone(void **state)
{
	char folder[] = "/tmp/saut-efi-XXXXXX", path[64], found[16];
	const struct view one = view_of_string("\7...one"), two = view_of_string("\7...two");
	struct error err = { 0 };
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/Name", folder);
	assert_true(efi_variable_remove(path, &err));
	assert_true(efi_variable_create(path, one, &err));
	assert_false(efi_variable_create(path, two, &err));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(found, 1, sizeof found, file), one.n);
	fclose(file);
	assert_memory_equal(found, one.p, one.n);
	assert_true(efi_variable_remove(path, &err));
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(rmdir(folder), 0);
}

static void where_nothing_can_be_written_is_a_failure(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_false(efi_variable_create("/proc/saut-none", view_of_string("x"), &err));
	assert_int_equal(err.fault, FAULT_FILE_UNWRITABLE);
	assert_false(efi_variable_create("/nothing/such", view_of_string("x"), &err));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(one_of_somebody_else_is_left_alone),
		CASE(where_nothing_can_be_written_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
