/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static void passes_where_nothing_is_known_against_it(void **state)
{
	(void)state;
	assert_captured(check_system_calls, "q35-1g", CHECK_PASS, "nothing is known against it");
}

static void fails_where_it_is_switched_off(void **state)
{
	struct table_source files = TABLE_SOURCE({ "proc/sys/kernel/kexec_load_disabled", "1\n" },
		{ "saut/syscalls", "kexec_load yes\nkexec_file_load yes\n" },
		{ "saut/uname", "6.1.0 x86_64\n" });
	struct check_finding finding;
	struct checked c;

	(void)state;
	checked_made(&c, &files);
	finding = check_system_calls(&c.subject);
	assert_finding(finding, CHECK_FAIL, "kernel.kexec_load_disabled is 1");
	assert_non_null(strstr(finding.advice, "/etc/sysctl.d"));
	checked_free(&c);
}

static void fails_where_there_are_none(void **state)
{
	struct table_source files =
		TABLE_SOURCE({ "saut/syscalls", "kexec_load no\nkexec_file_load no\n" },
			{ "saut/uname", "6.1.0 x86_64\n" });

	(void)state;
	assert_made(check_system_calls, &files, CHECK_FAIL, "built without CONFIG_KEXEC");
}

static void notes_lockdown_and_limits(void **state)
{
	struct table_source locked =
		TABLE_SOURCE({ "saut/syscalls", "kexec_load yes\nkexec_file_load yes\n" },
			{ "saut/uname", "6.1.0 x86_64\n" },
			{ "sys/kernel/security/lockdown", "none [integrity] confidentiality\n" });
	struct table_source limited =
		TABLE_SOURCE({ "proc/sys/kernel/kexec_load_limit_reboot", "3\n" },
			{ "saut/syscalls", "kexec_load yes\nkexec_file_load yes\n" },
			{ "saut/uname", "6.1.0 x86_64\n" });

	(void)state;
	assert_made(check_system_calls, &locked, CHECK_NOTE, "signature it trusts");
	assert_made(check_system_calls, &limited, CHECK_NOTE, "permits 3 more");
}

static void is_unknown_where_nothing_is_told(void **state)
{
	struct table_source files = TABLE_SOURCE({ "saut/uname", "6.1.0 x86_64\n" });

	(void)state;
	assert_made(check_system_calls, &files, CHECK_UNKNOWN, "tells neither");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_where_nothing_is_known_against_it),
		CASE(fails_where_it_is_switched_off),
		CASE(fails_where_there_are_none),
		CASE(notes_lockdown_and_limits),
		CASE(is_unknown_where_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
