/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether there is a plan: a refusal carries its own reason and hint. */
#include "check/rows.h"

static struct check_finding tell_refusal(
	const struct check_subject *subject, const struct error *refused)
{
	/* A failed call tells by itself only what it was, and not of which file. */
	struct check_finding finding = refused->errnum && refused->attempt[0]
		? check_finds(
			  subject, CHECK_FAIL, "cannot %s: %s", refused->attempt, refused->reason)
		: check_finds(subject, CHECK_FAIL, "%s", refused->reason);

	finding.advice = check_hint(subject, refused);
	return finding;
}

struct check_finding check_plan(const struct check_subject *subject)
{
	const struct plan *plan = subject->plan;
	uint64_t loaded = 0, kept = 0;

	if (subject->refused)
		return tell_refusal(subject, subject->refused);
	if (!plan)
		return check_finds(subject, CHECK_UNKNOWN, "nothing is planned");
	if (plan->call == CALL_FILE_LOAD)
		return check_finds(subject, CHECK_PASS,
			"by kexec_file_load, since %s: the running kernel lays it out itself",
			plan->call_reason);
	for (size_t i = 0; i < plan->segment_count; i++) {
		loaded += plan->segments[i].data.n;
		kept += plan->segments[i].mem.size;
	}
	return check_finds(subject, CHECK_PASS,
		"by kexec_load, since %s: %zu segments, %llu bytes in %llu bytes of memory",
		plan->call_reason, plan->segment_count, (unsigned long long)loaded,
		(unsigned long long)kept);
}
