/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#include "base/fields.h"

static void tells_the_plan(void **state)
{
	static const uint8_t bytes[100];
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-1g");
	assert_finding(check_plan(&c.subject), CHECK_UNKNOWN, "nothing is planned");
	c.plan = (struct plan){
		.call = CALL_LOAD,
		.call_reason = "it is faster",
		.segments = { { "kernel", { bytes, 100 }, { 0, 0x1000 }, "" } },
		.segment_count = 1,
	};
	c.subject.plan = &c.plan;
	assert_finding(check_plan(&c.subject), CHECK_PASS,
		"since it is faster: 1 segments, 100 bytes in 4096 bytes of memory");
	c.plan.call = CALL_FILE_LOAD;
	assert_finding(check_plan(&c.subject), CHECK_PASS, "by kexec_file_load, since");
	checked_free(&c);
}

static void fails_where_it_was_refused(void **state)
{
	struct check_finding finding;
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-1g");
	fail(&c.error, FAULT_FIT_MEMORY, "the initrd needs 900 MiB");
	c.subject.refused = &c.error;
	finding = check_plan(&c.subject);
	assert_finding(finding, CHECK_FAIL, "the initrd needs 900 MiB");
	assert_string_equal(finding.advice,
		"widen " FIELD_LIMITS ", or use a smaller initrd or give the machine more "
		"memory");
	c.error.closed[WAY_LIMITS] = true;
	finding = check_plan(&c.subject);
	assert_string_equal(finding.advice, "use a smaller initrd or give the machine more memory");
	checked_free(&c);
}

/* Every row has a name of its own, and says something of a machine of which nothing else is known. */
static void all_say_something(void **state)
{
	const struct check_finding *findings;
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-1g");
	findings = check_all(&c.subject);
	assert_non_null(findings);
	for (size_t i = 0; i < check_count; i++) {
		assert_true(findings[i].reason && findings[i].reason[0]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(checks[i].name, checks[j].name);
	}
	fail(&c.error, FAULT_FIT_MEMORY, "it does not fit");
	c.subject.refused = &c.error;
	assert_int_equal(check_worst(check_all(&c.subject)), CHECK_FAIL);
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(tells_the_plan),
		CASE(fails_where_it_was_refused),
		CASE(all_say_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
