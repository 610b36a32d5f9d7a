/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static void passes_where_none_is_lost(void **state)
{
	struct checked c;

	(void)state;
	assert_captured(check_crash_kernel, "q35-1g", CHECK_PASS, "no memory is reserved");
	checked_captured(&c, "q35-5g");
	c.subject.command_line = "root=/dev/sda1 crashkernel=256M quiet";
	assert_finding(check_crash_kernel(&c.subject), CHECK_PASS, "(crashkernel=256M)");
	checked_free(&c);
}

static void warns_with_the_word_that_is_missing(void **state)
{
	struct check_finding finding;
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-5g");
	c.subject.command_line = "root=/dev/sda1";
	finding = check_crash_kernel(&c.subject);
	assert_finding(finding, CHECK_WARN, "128 MiB are reserved");
	assert_null(strstr(finding.reason, "is loaded"));
	assert_non_null(strstr(finding.advice, "add crashkernel=128M to"));
	c.ability.crash_loaded = ANSWER_YES;
	assert_finding(check_crash_kernel(&c.subject), CHECK_WARN, "a crash kernel is loaded");
	c.machine.command_line = "";
	assert_non_null(strstr(check_crash_kernel(&c.subject).advice, "as much as is reserved"));
	checked_free(&c);
}

static void does_not_know_without_memory_or_line(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-5g");
	assert_finding(check_crash_kernel(&c.subject), CHECK_UNKNOWN, "command line");
	c.machine.no_memory = "/proc/iomem is not there";
	assert_finding(check_crash_kernel(&c.subject), CHECK_UNKNOWN, "/proc/iomem");
	c.subject.machine = NULL;
	assert_finding(check_crash_kernel(&c.subject), CHECK_UNKNOWN, "could not be read");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_where_none_is_lost),
		CASE(warns_with_the_word_that_is_missing),
		CASE(does_not_know_without_memory_or_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
