/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An image of a hibernated system, of which the running one knows nothing: the next kernel would resume it
 * over file systems that have changed since (Documentation/power/swsusp.rst). udev's database names a
 * swap partition with such a signature; systemd leaves an EFI variable with the place.
 */
#include "check/rows.h"

#include <string.h>

#include "check/unknown.h"
#include "machine/text.h"
#include "plan/parameters.h"

#define UDEV "run/udev/data"

static const char location[] =
	"sys/firmware/efi/efivars/HibernateLocation-8cf2644b-4b0b-428f-9387-6d876050dc67";
static const char source[] = "https://docs.kernel.org/power/swsusp.html";
static const char advice[] =
	"add noresume to the next command line, and make the swap anew (mkswap) if the image is of no "
	"use any more";

/* What was looked at. */
struct trace {
	const char *where; /* of an image; NULL: none was seen */
	const struct error *unreadable;
	bool is_blind; /* udev left nothing to look at */
};

static bool keep(const struct check_subject *subject, struct trace *trace, const struct error *err)
{
	struct error *kept = arena_alloc(subject->arena, sizeof *kept);

	if (kept)
		*kept = *err;
	trace->unreadable = kept;
	return false;
}

/* b8:2 is a block device. False: it cannot be read. */
static bool look_at(const struct check_subject *subject, const char *name, struct trace *trace)
{
	const char *path = arena_printf(subject->arena, UDEV "/%s", name), *node;
	struct view text, value;
	struct error err;

	if (!path)
		return true;
	if (!source_take(subject->source, path, subject->arena, &text, &err))
		return keep(subject, trace, &err);
	if (!text.p || !text_value(text, "E:ID_FS_TYPE", '=', &value) ||
		!text_is(value, "swsuspend"))
		return true;
	node = text_value(text, "E:ID_FS_UUID", '=', &value)
		? arena_printf(subject->arena, "the swap with the UUID %.*s", (int)value.n,
			  (const char *)value.p)
		: NULL;
	trace->where = node ? node : arena_printf(subject->arena, "the block device %s", name + 1);
	return true;
}

static struct trace look(const struct check_subject *subject)
{
	struct trace trace = { 0 };
	const char *const *names;
	struct error err;
	struct view bytes;

	if (!source_take_names(subject->source, UDEV, subject->arena, &names, &err)) {
		keep(subject, &trace, &err);
		return trace;
	}
	trace.is_blind = !names;
	for (; names && *names && !trace.where; names++)
		if (**names == 'b' && !look_at(subject, *names, &trace))
			return trace;
	if (!trace.where && source_read(subject->source, location, subject->arena, &bytes))
		trace.where = "where the EFI variable HibernateLocation says";
	return trace;
}

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
	struct trace trace;

	if (!subject->command_line)
		return check_without_line(subject);
	if (parameters_have(subject->command_line, "noresume") ||
		parameters_have(subject->command_line, "hibernate=noresume") ||
		parameters_have(subject->command_line, "nohibernate"))
		return check_finds(subject, CHECK_PASS,
			"the next kernel is told not to resume a hibernated system");
	trace = look(subject);
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
