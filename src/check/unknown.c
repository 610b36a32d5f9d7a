/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check/unknown.h"

struct check_finding check_without_machine(const struct check_subject *subject)
{
	return check_finds(subject, CHECK_UNKNOWN, "what this machine is could not be read");
}

struct check_finding check_without_line(const struct check_subject *subject)
{
	return check_finds(subject, CHECK_UNKNOWN, "the next command line is not known");
}

struct check_finding check_unreadable(
	const struct check_subject *subject, const struct error *unreadable)
{
	return check_finds(subject, CHECK_UNKNOWN, "%s", unreadable->reason);
}

bool check_is_hidden(
	const struct check_subject *subject, const char *folder, struct check_finding *ret)
{
	const char *const *names;

	if (source_list(subject->source, folder, subject->arena, &names) && names[0])
		return false;
	*ret = check_finds(subject, CHECK_UNKNOWN, "/%s is not there to be looked at", folder);
	return true;
}

struct check_finding check_advise(
	struct check_finding finding, const char *advice, const char *source)
{
	finding.advice = advice;
	finding.source = source;
	return finding;
}
