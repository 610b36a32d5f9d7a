/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is kept in memory for the next kernel (kexec handover and the live update orchestrator): only
 * kexec_file_load attaches it to what it loads.
 */
#include "check/rows.h"
#include "check/unknown.h"

static const char source[] = "https://docs.kernel.org/admin-guide/mm/kho.html";

static struct check_finding when_open(const struct check_subject *subject)
{
	const size_t sessions = subject->machine->live_update.sessions;
	const bool is_lost = subject->plan && subject->plan->call == CALL_LOAD;

	if (is_lost || (subject->refused && subject->refused->fault == FAULT_KEPT_STATE))
		return check_advise(check_finds(subject, CHECK_FAIL,
					    "%zu live-update sessions are open, and kexec_load "
					    "hands over nothing of what they keep",
					    sessions),
			"load with -s (kexec_file_load)", source);
	if (!subject->plan)
		return check_finds(subject, CHECK_UNKNOWN,
			"%zu live-update sessions are open, and nothing is planned", sessions);
	return check_advise(
		check_finds(subject, CHECK_NOTE,
			"%zu live-update sessions are open: kexec_file_load hands over what they "
			"keep, if their processes hold them until the jump",
			sessions),
		"the next kernel needs the same versions of the formats: between other releases the "
		"state is dropped",
		source);
}

struct check_finding check_live_update(const struct check_subject *subject)
{
	if (!subject->machine)
		return check_without_machine(subject);
	switch (subject->machine->live_update.state) {
	case LIVE_UPDATE_NONE:
		return check_finds(
			subject, CHECK_PASS, "nothing is kept in memory for the next kernel");
	case LIVE_UPDATE_OPEN:
		return when_open(subject);
	case LIVE_UPDATE_UNSEEN:
		break;
	}
	return check_advise(
		check_finds(subject, CHECK_UNKNOWN,
			"this kernel can keep files for the next one, and whether any process has "
			"a session open could not be looked at in /proc"),
		"run as root", source);
}
