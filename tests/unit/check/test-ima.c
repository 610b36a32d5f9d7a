/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define MACHINE(line, rules)                                                 \
	TABLE_SOURCE(CHECKED_UNAME, { "proc/cmdline", line "\n", 0, false }, \
		{ IMA_POLICY, rules, 0, false }, { "sys/kernel/mm/x", "" })

#define APPRAISES                           \
	"dont_appraise fsmagic=0x9fa0\n"    \
	"measure func=KEXEC_KERNEL_CHECK\n" \
	"appraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n"
#define MEASURES                            \
	"measure func=KEXEC_KERNEL_CHECK\n" \
	"appraise func=MODULE_CHECK appraise_type=imasig\n"

static void passes_without_such_a_rule(void **state)
{
	const struct table_source measures = MACHINE("quiet", MEASURES);

	(void)state;
	assert_made(check_ima, &measures, CHECK_PASS, "no rule of IMA's");
	assert_captured(check_ima, "q35-1g", CHECK_PASS, "no rule of IMA's");
}

static void fails_where_no_file_is_shown(void **state)
{
	const struct table_source appraises = MACHINE("quiet", APPRAISES);
	struct error refused = { 0 };
	struct checked c;

	(void)state;
	checked_made(&c, &appraises);
	c.plan.call = CALL_LOAD;
	c.subject.plan = &c.plan;
	assert_finding(check_ima(&c.subject), CHECK_FAIL, "refuses kexec_load");
	c.subject.plan = NULL;
	fail(&refused, FAULT_APPRAISED, "the plan says so");
	c.subject.refused = &refused;
	assert_finding(check_ima(&c.subject), CHECK_FAIL, "the plan says so");
	checked_free(&c);
}

static void is_a_note_where_it_is_only_told(void **state)
{
	const struct table_source lenient = MACHINE("quiet ima_appraise=log", APPRAISES);
	struct checked c;

	(void)state;
	checked_made(&c, &lenient);
	c.plan.call = CALL_LOAD;
	c.subject.plan = &c.plan;
	assert_false(machine_ima_refuses(&c.machine));
	assert_finding(check_ima(&c.subject), CHECK_NOTE, "lets them pass");
	checked_free(&c);
}

/* The line asks for a policy, which counts as long as no other was written, or none is shown. */
static void warns_where_a_signature_is_wanted(void **state)
{
	const struct table_source cases[] = {
		MACHINE("quiet", APPRAISES),
		MACHINE("ima_policy=secure_boot", NULL),
		MACHINE("a ima_policy=tcb|secure_boot b", NULL),
		MACHINE("ima_policy=tcb ima_policy=secure_boot|critical_data", NULL),
	};
	const struct table_source others[] = {
		MACHINE("ima_policy=secure_boot", MEASURES),
		MACHINE("ima_policy=tcb|appraise_tcb", MEASURES),
	};
	struct checked c;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		checked_made(&c, &cases[i]);
		assert_true(machine_ima_refuses(&c.machine));
		assert_finding(check_ima(&c.subject), CHECK_WARN, "security.ima");
		checked_free(&c);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_made(check_ima, &others[i], CHECK_PASS, "no rule");
	}
}

static void does_not_know_a_policy_that_cannot_be_read(void **state)
{
	const struct table_source secret = TABLE_SOURCE(
		CHECKED_UNAME, { "sys/kernel/security/ima/policy", .is_unreadable = true });
	struct checked c;

	(void)state;
	checked_made(&c, &secret);
	assert_finding(check_ima(&c.subject), CHECK_UNKNOWN, "cannot be read");
	c.subject.machine = NULL;
	assert_finding(check_ima(&c.subject), CHECK_UNKNOWN, "could not be read");
	checked_free(&c);
}

static void does_not_take_hidden_for_absent(void **state)
{
	const struct table_source masked = TABLE_SOURCE(CHECKED_UNAME);

	(void)state;
	assert_made(check_ima, &masked, CHECK_UNKNOWN, "is not there to be looked at");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_without_such_a_rule),
		CASE(fails_where_no_file_is_shown),
		CASE(is_a_note_where_it_is_only_told),
		CASE(warns_where_a_signature_is_wanted),
		CASE(does_not_know_a_policy_that_cannot_be_read),
		CASE(does_not_take_hidden_for_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
