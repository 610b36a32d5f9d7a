/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks of a kernel on a system in a folder, as a stranger asks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <saut.h>

static char folder[] = "/tmp/saut-test-checks-XXXXXX";

static void run(const char *command)
{
	char text[512];

	snprintf(text, sizeof text, "cd %s && %s", folder, command);
	assert_int_equal(system(text), 0);
}

static int begin(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	run("mkdir -p saut && echo 6.1.0 x86_64 >saut/uname && "
	    "printf 'kexec_load yes\\nkexec_file_load no\\n' >saut/syscalls");
	*state = saut_new();
	return saut_set_root(*state, folder);
}

static int end(void **state)
{
	saut_free(*state);
	run("cd .. && rm -r \"$OLDPWD\"");
	return 0;
}

static const struct saut_finding *find(const struct saut_finding *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	fail_msg("there is no row %s", name);
	return NULL;
}

/* A kernel that is not there is a row, and the others are told all the same. */
static void the_rows_are_told(void **state)
{
	const struct saut_finding *rows;

	assert_int_equal(saut_run_checks(*state, &rows), SAUT_USAGE);
	assert_int_equal(saut_set_kernel(*state, "/nonexistent/vmlinuz"), SAUT_DONE);
	assert_int_equal(saut_run_checks(*state, &rows), SAUT_DONE);
	assert_int_equal(find(rows, "plan")->result, SAUT_FOUND_FAIL);
	assert_non_null(strstr(find(rows, "plan")->reason, "No such file"));
	assert_non_null(find(rows, "plan")->advice);
	assert_int_equal(find(rows, "system-calls")->result, SAUT_FOUND_PASS);
	assert_string_equal(find(rows, "system-calls")->title, "system calls");
}

/* What was told before is not kept. */
static void each_call_looks_again(void **state)
{
	const struct saut_finding *rows;

	run("mkdir -p proc/sys/kernel && echo 1 >proc/sys/kernel/kexec_load_disabled");
	assert_int_equal(saut_run_checks(*state, &rows), SAUT_DONE);
	assert_int_equal(find(rows, "system-calls")->result, SAUT_FOUND_FAIL);
	assert_non_null(strstr(find(rows, "system-calls")->reason, "kexec_load_disabled"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rows_are_told),
		cmocka_unit_test(each_call_looks_again),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
