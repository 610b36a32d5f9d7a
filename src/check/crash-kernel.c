/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a panic of the next kernel leaves a dump as one of the running kernel does. The memory for a
 * crash kernel is reserved at boot and by the command line alone (crashkernel= in
 * Documentation/admin-guide/kdump/kdump.rst); the crash kernel in it is lost with the running one.
 */
#include "check/rows.h"
#include "check/unknown.h"
#include "plan/parameters.h"

static const char source[] = "https://docs.kernel.org/admin-guide/kdump/kdump.html";

/* The running kernel's own word, so that it need not be looked up. */
static const char *advice(const struct check_subject *subject)
{
	const char *line = subject->machine->command_line, *rest;
	int length;

	if (!parameters_next(&line, "crashkernel=", &rest))
		return "add crashkernel= to the next command line, with as much as is reserved now";
	length = (int)(line - rest);
	return arena_printf(
		subject->arena, "add crashkernel=%.*s to the next command line", length, rest);
}

static struct check_finding when_lost(const struct check_subject *subject)
{
	const struct machine *machine = subject->machine;
	unsigned long long reserved = ranges_total(&machine->crash);
	const char *loaded = subject->ability->crash_loaded == ANSWER_YES
		? ", and a crash kernel is loaded"
		: "";

	return check_advise(
		check_finds(subject, CHECK_WARN,
			"%llu MiB are reserved for a crash kernel now%s; the next "
			"command line has no crashkernel=, so a panic will leave no dump",
			reserved >> 20, loaded),
		advice(subject), source);
}

struct check_finding check_crash_kernel(const struct check_subject *subject)
{
	const struct machine *machine = subject->machine;
	const char *line = subject->command_line, *rest;

	if (!machine)
		return check_without_machine(subject);
	if (machine->no_memory)
		return check_finds(subject, CHECK_UNKNOWN,
			"whether memory is reserved for a crash kernel is not known: %s",
			machine->no_memory);
	if (machine->crash.count == 0)
		return check_finds(
			subject, CHECK_PASS, "no memory is reserved for a crash kernel now");
	if (!line)
		return check_without_line(subject);
	if (!parameters_next(&line, "crashkernel=", &rest))
		return when_lost(subject);
	return check_finds(subject, CHECK_PASS,
		"the next command line reserves memory for a crash kernel as well (crashkernel=%.*s)",
		(int)(line - rest), rest);
}
