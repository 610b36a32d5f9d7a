/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define POLICY(text)                                                                          \
	TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false },                           \
		{ "proc/cmdline", "quiet\n", 0, false },                                      \
		{ "sys/kernel/security/ima/policy", "dont_appraise fsmagic=0x9fa0\n" text, 0, \
			false })

static const struct table_source appraises = POLICY(
	"measure func=KEXEC_KERNEL_CHECK\nappraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n");
static const struct table_source measures = POLICY(
	"measure func=KEXEC_KERNEL_CHECK\nappraise func=MODULE_CHECK appraise_type=imasig\n");

static void passes_without_such_a_rule(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &measures);
	assert_finding(check_ima(&c.subject), CHECK_PASS, "no rule of IMA's");
	checked_free(&c);
	checked_captured(&c, "q35-1g");
	assert_finding(check_ima(&c.subject), CHECK_PASS, "no rule of IMA's");
	checked_free(&c);
}

static void fails_where_no_file_is_shown(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &appraises);
	c.plan.call = CALL_LOAD;
	c.subject.plan = &c.plan;
	assert_finding(check_ima(&c.subject), CHECK_FAIL, "refuses kexec_load");
	c.machine.command_line = "quiet ima_appraise=log";
	assert_finding(check_ima(&c.subject), CHECK_NOTE, "lets them pass");
	checked_free(&c);
}

static void warns_where_a_signature_is_wanted(void **state)
{
	static const char *const lines[] = { "ima_policy=secure_boot",
		"a ima_policy=tcb|secure_boot b",
		"ima_policy=tcb ima_policy=secure_boot|critical_data" };
	struct checked c;

	(void)state;
	checked_made(&c, &appraises);
	assert_finding(check_ima(&c.subject), CHECK_WARN, "security.ima");
	checked_free(&c);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		checked_made(&c, &measures);
		c.machine.command_line = lines[i];
		assert_finding(check_ima(&c.subject), CHECK_WARN, "security.ima");
		c.machine.command_line = "ima_policy=tcb|appraise_tcb";
		assert_finding(check_ima(&c.subject), CHECK_PASS, "no rule");
		checked_free(&c);
	}
}

static void does_not_know_a_policy_that_cannot_be_read(void **state)
{
	const struct table_source secret =
		TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false },
			{ "sys/kernel/security/ima/policy", .is_unreadable = true });
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
	const struct table_source masked =
		TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false });
	struct checked c;

	(void)state;
	checked_made(&c, &masked);
	assert_finding(check_ima(&c.subject), CHECK_UNKNOWN, "is not there to be looked at");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_without_such_a_rule),
		CASE(fails_where_no_file_is_shown),
		CASE(warns_where_a_signature_is_wanted),
		CASE(does_not_know_a_policy_that_cannot_be_read),
		CASE(does_not_take_hidden_for_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
