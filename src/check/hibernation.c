/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The image of a hibernated system: the next kernel would resume it over file systems that have changed since. */
#include "check/rows.h"

#include <string.h>

#include "check/unknown.h"
#include "machine/hibernation.h"
#include "plan/parameters.h"

static const char source[] = "https://docs.kernel.org/power/swsusp.html";
static const char advice[] =
	"add noresume to the next command line, and make the swap anew (mkswap) if the image is of no "
	"use any more";

static struct check_finding when_there(const struct check_subject *subject, const char *where)
{
	const char *line = subject->command_line, *value;

	if (parameters_next(&line, "resume=", &value))
		return check_advise(
			check_finds(subject, CHECK_FAIL,
				"a hibernated system lies on %s, and the next kernel (resume=%.*s) would "
				"resume it over file systems that have changed since",
				where, (int)(line - value), value),
			advice, source);
	return check_advise(check_finds(subject, CHECK_WARN,
				    "a hibernated system lies on %s; an initrd that looks for one "
				    "by itself would resume it over file systems that have changed "
				    "since",
				    where),
		advice, source);
}

struct check_finding check_hibernation(const struct check_subject *subject)
{
	struct hibernation trace;

	if (!subject->command_line)
		return check_without_line(subject);
	if (parameters_have(subject->command_line, "noresume") ||
		parameters_have(subject->command_line, "hibernate=noresume") ||
		parameters_have(subject->command_line, "nohibernate"))
		return check_finds(subject, CHECK_PASS,
			"the next kernel is told not to resume a hibernated system");
	trace = hibernation_look(subject->source, subject->arena);
	if (trace.where)
		return when_there(subject, trace.where);
	if (trace.unreadable)
		return check_unreadable(subject, trace.unreadable);
	if (trace.is_blind)
		return check_finds(subject, CHECK_UNKNOWN,
			"whether a hibernated system lies on a swap partition is not told: there is "
			"no /run/udev/data");
	return check_finds(subject, CHECK_PASS, "no swap partition has a hibernated system on it");
}
