/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the running kernel takes a kernel at all: its system calls, switches, limits and lockdown. */
#include "check/rows.h"
#include "check/verdict.h"

struct check_finding check_system_calls(const struct check_subject *subject)
{
	const struct kexec_ability *ability = subject->ability;
	const struct kernel_config config = kernel_config_read(subject->source, subject->arena);
	const struct verdict verdict = verdict_of(ability, &config);
	struct check_finding finding;

	if (verdict.can == ANSWER_NO)
		finding = check_finds(subject, CHECK_FAIL, "%s", verdict.why);
	else if (verdict.can == ANSWER_UNKNOWN)
		finding = check_finds(subject, CHECK_UNKNOWN, "%s", verdict.why);
	else if (kexec_is_locked_down(ability))
		finding = check_finds(subject, CHECK_NOTE, "%s", verdict.why);
	else if (ability->load_limit_reboot > 0)
		finding = check_finds(subject, CHECK_NOTE,
			"%s; kernel.kexec_load_limit_reboot permits %lld more", verdict.why,
			(long long)ability->load_limit_reboot);
	else
		finding = check_finds(subject, CHECK_PASS, "%s", verdict.why);
	finding.advice = verdict.step;
	return finding;
}
