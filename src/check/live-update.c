/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is kept in memory for the next kernel (kexec handover and the live update orchestrator): only
 * kexec_file_load attaches it to what it loads.
 */
#include "check/rows.h"
#include "base/fields.h"
#include "check/unknown.h"

static const char source[] = "https://docs.kernel.org/admin-guide/mm/kho.html";

static struct check_finding when_open(const struct check_subject *subject)
{
	const char *holder = subject->machine->live_update.holder;
	const bool is_lost = subject->plan && subject->plan->call == CALL_LOAD;

	if (is_lost || (subject->refused && subject->refused->fault == FAULT_KEPT_STATE))
		return check_advise(check_finds(subject, CHECK_FAIL,
					    "process %s has a live-update session open, and "
					    "kexec_load hands over nothing of what that keeps",
					    holder),
			"load with " FIELD_KEXEC_FILE_SYSCALL " (kexec_file_load)", source);
	if (!subject->plan)
		return check_finds(subject, CHECK_UNKNOWN,
			"process %s has a live-update session open, and nothing is planned",
			holder);
	return check_advise(
		check_finds(subject, CHECK_NOTE,
			"process %s has a live-update session open: kexec_file_load hands over what "
			"that keeps, if some process holds it until the jump",
			holder),
		"the next kernel needs the same versions of the formats: between other releases the "
		"state is dropped",
		source);
}

/* Names of what parts of the running kernel keep by themselves (kho=on), as debugfs has them. */
static const char *kept_by_kernel(const struct check_subject *subject)
{
	const char *const *names;
	const char *all = "", *more;

	if (!source_list(
		    subject->source, "sys/kernel/debug/kho/out/sub_fdts", subject->arena, &names))
		return all;
	for (; *names; names++) {
		more = arena_printf(subject->arena, "%s%s%s", all, *all ? ", " : "", *names);
		all = more ? more : all;
	}
	return all;
}

static struct check_finding not_handed_over(struct check_finding finding)
{
	return check_advise(finding,
		"load with " FIELD_KEXEC_FILE_SYSCALL
		" (kexec_file_load) if the next kernel is to have it",
		source);
}

/* No process keeps anything; what the kernel does may be no more than a count of jumps. */
static struct check_finding when_none(const struct check_subject *subject)
{
	const char *kept = kept_by_kernel(subject);
	const bool is_by_load = subject->plan && subject->plan->call == CALL_LOAD;

	if (*kept && is_by_load)
		return not_handed_over(check_finds(subject, CHECK_NOTE,
			"the running kernel keeps something for the next one (%s), which "
			"kexec_load does not hand over",
			kept));
	if (subject->machine->kexec.live_update == ANSWER_YES && is_by_load)
		return not_handed_over(check_finds(subject, CHECK_NOTE,
			"no process keeps anything in memory for the next kernel yet, and "
			"kexec_load would not hand over what one does from now on"));
	return check_finds(
		subject, CHECK_PASS, "no process keeps anything in memory for the next kernel");
}

struct check_finding check_live_update(const struct check_subject *subject)
{
	if (!subject->machine)
		return check_without_machine(subject);
	switch (subject->machine->live_update.state) {
	case LIVE_UPDATE_NONE:
		return when_none(subject);
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
