/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "known-machines.h"

static void passes_a_machine_of_which_nothing_is_known(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &plain_machine);
	c.plan.call = CALL_LOAD;
	c.subject.plan = &c.plan;
	assert_finding(check_graphics(&c.subject), CHECK_PASS, "known to be bad is here");
	checked_free(&c);
}

static void warns_of_what_is_known(void **state)
{
	struct check_finding finding;
	struct checked c;

	(void)state;
	checked_made(&c, &bad_machine);
	finding = check_graphics(&c.subject);
	assert_finding(finding, CHECK_WARN, "NVIDIA's driver");
	assert_finding(finding, CHECK_WARN, "i915 hides");
	assert_finding(finding, CHECK_WARN, "hyperv_drm hides");
	assert_non_null(finding.advice);
	assert_non_null(strstr(finding.source, "https://"));
	checked_free(&c);
}

static void does_not_know_what_is_hidden(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &hidden_machine);
	assert_finding(check_graphics(&c.subject), CHECK_UNKNOWN, "nvidia");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_a_machine_of_which_nothing_is_known),
		CASE(warns_of_what_is_known),
		CASE(does_not_know_what_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
