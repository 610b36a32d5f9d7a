/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which watchdog the machine has (Documentation/ABI/testing/sysfs-class-watchdog). Most drivers stop
 * theirs before a jump, so that none is running until the next kernel loads its driver.
 */
#include "check/rows.h"
#include "check/unknown.h"
#include "machine/text.h"
#include "plan/parameters.h"

#define CLASS "sys/class/watchdog"

static const char source[] = "https://docs.kernel.org/watchdog/watchdog-parameters.html";

/* A file of the first watchdog, trimmed; "?" where it is not told. */
static const char *fact(const struct check_subject *subject, const char *name, const char *file)
{
	const char *path = arena_printf(subject->arena, CLASS "/%s/%s", name, file), *text;
	struct view bytes;

	if (!path || !source_read(subject->source, path, subject->arena, &bytes))
		return "?";
	text = arena_string(subject->arena, text_trim(bytes));
	return text && *text ? text : "?";
}

static struct check_finding tell(const struct check_subject *subject, const char *name)
{
	const char *identity = fact(subject, name, "identity");
	const char *timeout = fact(subject, name, "timeout");
	const char *state = fact(subject, name, "state");

	/* softdog's (drivers/watchdog/softdog.c). */
	if (text_is(view_of_string(identity), "Software Watchdog"))
		return check_advise(
			check_finds(subject, CHECK_NOTE,
				"%s is a timer of the running kernel (%s), and gone with it: a next "
				"kernel that hangs stays so",
				name, identity),
			"a watchdog of the machine's own resets it then", source);
	return check_finds(subject, CHECK_PASS, "%s is \"%s\", %s, %s seconds, nowayout %s", name,
		identity, state, timeout, fact(subject, name, "nowayout"));
}

struct check_finding check_watchdog(const struct check_subject *subject)
{
	const char *const *names;
	struct check_finding hidden;
	struct error unreadable;

	if (!source_take_names(subject->source, CLASS, subject->arena, &names, &unreadable))
		return check_unreadable(subject, &unreadable);
	if (names && names[0])
		return tell(subject, names[0]);
	if (!names && check_is_hidden(subject, "sys/class", &hidden))
		return hidden;
	return check_advise(check_finds(subject, CHECK_NOTE,
				    "no watchdog's driver is loaded: a next kernel that hangs "
				    "stays so until somebody resets the machine, unless the jump "
				    "starts one that needs no driver before"),
		"load the driver of the machine's watchdog, if it has one (wdat_wdt, iTCO_wdt, "
		"sp5100_tco, ipmi_watchdog, i6300esb)",
		source);
}
