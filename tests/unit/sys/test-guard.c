/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/guard.h"
#include "sys/process.h"

/* A file below the folder of the test, with its folders. */
static void put(const char *root, const char *path, const char *text)
{
	char command[1024];

	snprintf(command, sizeof command,
		"p=%s/%s && mkdir -p ${p%%/*} && printf '#!/bin/sh\n%s\n' >$p && chmod 755 $p",
		root, path, text);
	assert_int_equal(system(command), 0);
}

static bool asked(const char *root, const char *script, struct error *err)
{
	put(root, "etc/molly-guard/run.d/50-script", script);
	return guard_ask(root, err);
}

static void its_scripts_decide(void **state)
{
	char root[] = "/tmp/test-guard-XXXXXX", command[64];
	struct error err;

	(void)state;
	if (!process_exists("run-parts"))
		skip();
	assert_non_null(mkdtemp(root));
	assert_true(guard_ask(root, &err));
	/* Settings that a removed package has left. */
	assert_true(asked(root, "exit 1", &err));
	put(root, "lib/molly-guard/molly-guard", "exit 0");
	assert_false(guard_ask(root, &err));
	assert_int_equal(err.fault, FAULT_GUARDED);
	assert_reason(err, "/etc/molly-guard/run.d refused");
	assert_true(asked(root, "test $MOLLYGUARD_CMD = reboot", &err));
	assert_true(asked(root, "test $MOLLYGUARD_SETTINGS = /etc/molly-guard/rc", &err));
	/* It is the caller who is asked. */
	assert_int_equal(setenv("SSH_CONNECTION", "somewhere", 1), 0);
	assert_false(asked(root, "test -z \"$SSH_CONNECTION\"", &err));
	snprintf(command, sizeof command, "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(its_scripts_decide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
