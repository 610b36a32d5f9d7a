/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/process.h"

static const char *const succeeding[] = { "true", NULL };
static const char *const failing[] = { "false", NULL };
static const char *const speaking[] = { "ls", "/no/such/file", NULL };
static const char *const missing[] = { "no-such-program-of-saut", NULL };
static const char *const above[] = { "../../etc/hostname", NULL };

static void a_program_runs_to_its_end(void **state)
{
	struct error err;

	(void)state;
	assert_true(process_exists("true"));
	assert_true(process_run(succeeding, &err));
	assert_false(process_run(failing, &err));
	assert_reason(err, "false ended with exit code 1");
	assert_int_equal(err.fault, FAULT_PROGRAM_FAILED);
	assert_false(process_run(speaking, &err));
	assert_reason(err, "No such file");
}

static void a_program_that_is_none(void **state)
{
	struct error err;

	(void)state;
	assert_false(process_exists(missing[0]));
	assert_false(process_run(missing, &err));
	assert_int_equal(err.fault, FAULT_NO_PROGRAM);
	assert_false(process_run(above, &err));
}

/* The caller goes on at once, and what was asked for is done all the same. */
static void later_is_without_us(void **state)
{
	char folder[] = "/tmp/saut-process-XXXXXX", path[64];
	const char *words[] = { "rmdir", path, NULL };
	struct error err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s", folder);
	assert_true(process_run_later(words, 0, &err));
	while (access(path, F_OK) == 0)
		usleep(10000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_program_runs_to_its_end),
		CASE(a_program_that_is_none),
		CASE(later_is_without_us),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
