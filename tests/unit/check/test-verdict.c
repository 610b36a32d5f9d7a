/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "check/verdict.h"

static const struct {
	struct kexec_ability ability;
	struct kernel_config config;
	enum answer can;
	const char *why;
} verdicts[] = {
	{ { .load = ANSWER_NO, .file_load = ANSWER_NO }, { 0 }, ANSWER_NO, "built without" },
	{ { 0 }, { "x", { ANSWER_NO, ANSWER_NO } }, ANSWER_NO, "built without" },
	{ { .load = ANSWER_YES, .disabled = ANSWER_YES, .load_limit_reboot = -1 }, { 0 }, ANSWER_NO,
		"kexec_load_disabled" },
	{ { .load = ANSWER_YES, .load_limit_reboot = 0 }, { 0 }, ANSWER_NO, "limit" },
	{ { .load = ANSWER_YES,
		  .file_load = ANSWER_NO,
		  .lockdown = LOCKDOWN_INTEGRITY,
		  .load_limit_reboot = -1 },
		{ 0 }, ANSWER_NO, "locked down, and has no" },
	{ { .load = ANSWER_YES,
		  .file_load = ANSWER_YES,
		  .lockdown = LOCKDOWN_CONFIDENTIALITY,
		  .load_limit_reboot = -1 },
		{ 0 }, ANSWER_YES, "signature it trusts" },
	{ { .load = ANSWER_YES,
		  .file_load = ANSWER_YES,
		  .may_boot = ANSWER_NO,
		  .load_limit_reboot = -1 },
		{ 0 }, ANSWER_YES, "only root" },
	{ { .load = ANSWER_NO, .file_load = ANSWER_YES, .load_limit_reboot = -1 }, { 0 },
		ANSWER_YES, "by kexec_file_load only" },
	{ { .load = ANSWER_YES, .file_load = ANSWER_NO, .load_limit_reboot = -1 }, { 0 },
		ANSWER_YES, "by kexec_load only" },
	{ { .load = ANSWER_YES, .load_limit_reboot = -1, .xen = { .kind = XEN_PV_GUEST } }, { 0 },
		ANSWER_NO, "paravirtualised by Xen" },
	{ { .load = ANSWER_YES,
		  .load_limit_reboot = -1,
		  .xen = { .kind = XEN_PV_UNKNOWN, .why = "x" } },
		{ 0 }, ANSWER_NO, "may be paravirtualised" },
	{ { .load = ANSWER_NO,
		  .file_load = ANSWER_NO,
		  .load_limit_reboot = -1,
		  .xen = { .kind = XEN_PV_DOM0 } },
		{ 0 }, ANSWER_YES, "through Xen" },
	{ { .may_boot = ANSWER_NO,
		  .load_limit_reboot = -1,
		  .xen = { .kind = XEN_PV_DOM0, .why = "x" } },
		{ 0 }, ANSWER_YES, "only root" },
	{ { .may_boot = ANSWER_YES,
		  .load_limit_reboot = -1,
		  .xen = { .kind = XEN_PV_DOM0, .why = "x" } },
		{ 0 }, ANSWER_NO, "cannot be asked" },
	{ { .lockdown = LOCKDOWN_INTEGRITY,
		  .file_load = ANSWER_YES,
		  .load_limit_reboot = -1,
		  .xen = { .kind = XEN_PV_DOM0 } },
		{ 0 }, ANSWER_NO, "verifies no signature" },
	{ { .disabled = ANSWER_YES, .load_limit_reboot = -1, .xen = { .kind = XEN_PV_DOM0 } },
		{ 0 }, ANSWER_NO, "kexec_load_disabled" },
	{ { .load = ANSWER_YES, .load_limit_reboot = -1 }, { 0 }, ANSWER_YES, "nothing is known" },
	{ { .load_limit_reboot = -1 }, { "x", { ANSWER_YES, ANSWER_NO } }, ANSWER_YES,
		"by kexec_load only" },
	{ { .load_limit_reboot = -1 }, { 0 }, ANSWER_UNKNOWN, "tells neither" },
	{ { .load = ANSWER_NO, .load_limit_reboot = -1 }, { 0 }, ANSWER_UNKNOWN, "tells neither" },
};

static void verdicts_name_the_worst(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		struct verdict v = verdict_of(&verdicts[i].ability, &verdicts[i].config);

		assert_int_equal(v.can, verdicts[i].can);
		if (!strstr(v.why, verdicts[i].why))
			fail_msg("%s, and not %s", v.why, verdicts[i].why);
		assert_true(v.can == ANSWER_YES || v.step);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(verdicts_name_the_worst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
