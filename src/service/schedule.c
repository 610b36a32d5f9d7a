/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/schedule.h"

#include "machine/text.h"
#include "service/assignments.h"

/* proc_pid_stat(5): its 22nd field, of which the second is in parentheses and may hold any. */
enum { STARTED_BEHIND_NAME = 20 };

bool schedule_process_started(
	const struct source *source, uint64_t process, struct arena *arena, uint64_t *ret)
{
	const char *path = arena_printf(arena, "proc/%llu/stat", (unsigned long long)process);
	struct view text, word = { 0 };
	size_t name_end = 0;

	if (!path || !source_read(source, path, arena, &text))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ')')
			name_end = i + 1;
	text = view_from(text, name_end);
	for (int i = 0; i < STARTED_BEHIND_NAME; i++)
		if (!text_word(&text, &word))
			return false;
	return text_decimal(word, ret);
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

bool schedule_read(const struct source *source, struct arena *arena, struct schedule *ret)
{
	struct assignments all = { 0 };
	const struct assignment *switches;
	struct schedule s;
	struct view text;
	uint64_t started;

	if (!source_read(source, &SCHEDULE_FILE[1], arena, &text) ||
		!assignments_read(&all, SCHEDULE_FILE, text, arena) ||
		!reboot_record_parse(&all, &s.record) || !number_of(&all, "PROCESS", &s.process) ||
		!number_of(&all, "STARTED", &s.started) ||
		!schedule_process_started(source, s.process, arena, &started) ||
		started != s.started)
		return false;
	switches = assignments_find(&all, "SWITCHES");
	s.switches = switches && switches->value ? switches->value : "";
	*ret = s;
	return true;
}
