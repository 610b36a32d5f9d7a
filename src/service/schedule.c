/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/schedule.h"

#include <string.h>

#include "machine/text.h"
#include "service/assignments.h"

/* systemd.unit(5): where systemd keeps the files of units that were asked for by its API. */
#define TRANSIENT_UNITS "run/systemd/transient"
#define UNIT_BEGIN      "saut-reboot-"

/* proc_pid_stat(5): its 22nd field, of which the second is in parentheses and may hold any. */
enum { STARTED_BEHIND_NAME = 20 };

static bool field_of(struct view text, uint64_t *ret)
{
	struct view word = { 0 };
	size_t name_end = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ')')
			name_end = i + 1;
	text = view_from(text, name_end);
	for (int i = 0; i < STARTED_BEHIND_NAME; i++)
		if (!text_word(&text, &word))
			return false;
	return text_decimal(word, ret);
}

static enum presence not_understood(const char *path, struct error *err)
{
	fail(err, FAULT_FILE_UNREADABLE, "%s is not understood", path);
	return IS_UNREADABLE;
}

static enum presence out_of_memory(struct error *err)
{
	fail_no_memory(err);
	return IS_UNREADABLE;
}

enum presence schedule_process_started(const struct source *source, uint64_t process,
	struct arena *arena, uint64_t *ret, struct error *err)
{
	const char *path = arena_printf(arena, "/proc/%llu/stat", (unsigned long long)process);
	struct view text;
	enum presence presence;

	if (!path)
		return out_of_memory(err);
	presence = source->read(source, path + 1, arena, &text, err);
	return presence == IS_THERE && !field_of(text, ret) ? not_understood(path, err) : presence;
}

const char *schedule_unit(uint64_t process, struct arena *arena)
{
	return arena_printf(arena, UNIT_BEGIN "%llu", (unsigned long long)process);
}

const char *schedule_text(const struct schedule *schedule, struct arena *arena)
{
	const char *record = reboot_record_text(&schedule->record, arena);

	if (!record)
		return NULL;
	if (schedule->unit)
		return arena_printf(arena, "%sUNIT=%s\nSWITCHES='%s'\n", record, schedule->unit,
			schedule->switches);
	return arena_printf(arena, "%sPROCESS=%llu\nSTARTED=%llu\nSWITCHES='%s'\n", record,
		(unsigned long long)schedule->process, (unsigned long long)schedule->started,
		schedule->switches);
}

static bool number_of(const struct assignments *all, const char *name, uint64_t *ret)
{
	const struct assignment *a = assignments_find(all, name);

	return a && a->value && text_decimal(view_of_string(a->value), ret);
}

/* A name that schedule_unit makes, and nothing that leads elsewhere. */
static bool unit_of(const struct assignments *all, const char **ret)
{
	const struct assignment *a = assignments_find(all, "UNIT");
	struct view name = view_of_string(a && a->value ? a->value : "");
	uint64_t process;

	if (!view_has_at(name, 0, UNIT_BEGIN) ||
		!text_decimal(view_from(name, strlen(UNIT_BEGIN)), &process))
		return false;
	*ret = a->value;
	return true;
}

static bool parse(
	struct assignments *all, struct view text, struct arena *arena, struct schedule *ret)
{
	const struct assignment *switches;

	*ret = (struct schedule){ 0 };
	if (!assignments_read(all, SCHEDULE_FILE, text, arena) ||
		!reboot_record_parse(all, arena, &ret->record))
		return false;
	if (!unit_of(all, &ret->unit) &&
		(!number_of(all, "PROCESS", &ret->process) ||
			!number_of(all, "STARTED", &ret->started)))
		return false;
	switches = assignments_find(all, "SWITCHES");
	ret->switches = switches && switches->value ? switches->value : "";
	return true;
}

static enum presence unit_is_there(
	const struct source *source, const char *unit, struct arena *arena, struct error *err)
{
	const char *path = arena_printf(arena, TRANSIENT_UNITS "/%s.service", unit);
	struct view ignored;

	return path ? source->read(source, path, arena, &ignored, err) : out_of_memory(err);
}

static enum presence waits(const struct source *source, const struct schedule *s,
	struct arena *arena, struct error *err)
{
	uint64_t started;
	enum presence presence;

	if (s->unit)
		return unit_is_there(source, s->unit, arena, err);
	presence = schedule_process_started(source, s->process, arena, &started, err);
	return presence == IS_THERE && started != s->started ? IS_ABSENT : presence;
}

enum presence schedule_read(
	const struct source *source, struct arena *arena, struct schedule *ret, struct error *err)
{
	struct assignments all = { 0 };
	struct schedule s;
	struct view text;
	enum presence presence = source->read(source, &SCHEDULE_FILE[1], arena, &text, err);

	if (presence != IS_THERE)
		return presence;
	if (!parse(&all, text, arena, &s))
		return not_understood(SCHEDULE_FILE, err);
	presence = waits(source, &s, arena, err);
	if (presence == IS_THERE)
		*ret = s;
	return presence;
}
