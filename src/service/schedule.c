/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/schedule.h"

#include "machine/text.h"
#include "service/assignments.h"

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

const char *schedule_text(const struct schedule *schedule, struct arena *arena)
{
	const char *record = reboot_record_text(&schedule->record, arena);

	if (!record)
		return NULL;
	return arena_printf(arena, "%sPROCESS=%llu\nSTARTED=%llu\nSWITCHES='%s'\n", record,
		(unsigned long long)schedule->process, (unsigned long long)schedule->started,
		schedule->switches);
}

static bool number_of(const struct assignments *all, const char *name, uint64_t *ret)
{
	const struct assignment *a = assignments_find(all, name);

	return a && a->value && text_decimal(view_of_string(a->value), ret);
}

static bool parse(
	struct assignments *all, struct view text, struct arena *arena, struct schedule *ret)
{
	const struct assignment *switches;

	if (!assignments_read(all, SCHEDULE_FILE, text, arena) ||
		!reboot_record_parse(all, &ret->record) ||
		!number_of(all, "PROCESS", &ret->process) ||
		!number_of(all, "STARTED", &ret->started))
		return false;
	switches = assignments_find(all, "SWITCHES");
	ret->switches = switches && switches->value ? switches->value : "";
	return true;
}

enum presence schedule_read(
	const struct source *source, struct arena *arena, struct schedule *ret, struct error *err)
{
	struct assignments all = { 0 };
	struct schedule s;
	struct view text;
	uint64_t started;
	enum presence presence = source->read(source, &SCHEDULE_FILE[1], arena, &text, err);

	if (presence != IS_THERE)
		return presence;
	if (!parse(&all, text, arena, &s))
		return not_understood(SCHEDULE_FILE, err);
	presence = schedule_process_started(source, s.process, arena, &started, err);
	if (presence != IS_THERE)
		return presence;
	if (started != s.started)
		return IS_ABSENT;
	*ret = s;
	return IS_THERE;
}
