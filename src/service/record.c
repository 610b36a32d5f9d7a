/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/record.h"

#include <string.h>

#include "machine/text.h"
#include "service/setting.h"

static const char *const ways[] = {
	[REBOOT_BY_FIRMWARE] = "firmware",
	[REBOOT_BY_KEXEC] = "kexec",
};

enum { WAYS = sizeof ways / sizeof *ways };

/* For a terminal: what was written there may have come from a file's name. */
static char *printable(const char *text, struct arena *arena)
{
	char *s = arena_string(arena, view_of_string(text ? text : ""));

	for (size_t i = 0; s && s[i]; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			s[i] = '?';
	return s;
}

/* In single quotes, in which only they themselves mean anything. */
static const char *quoted(const char *text, struct arena *arena)
{
	const char *s = printable(text, arena);
	char *q = s ? arena_alloc(arena, 4 * strlen(s) + 3) : NULL;
	size_t n = 0;

	if (!q)
		return NULL;
	q[n++] = '\'';
	for (; *s; s++) {
		if (*s == '\'') {
			memcpy(q + n, "'\\'", 3);
			n += 3;
		}
		q[n++] = *s;
	}
	q[n] = '\'';
	return q;
}

const char *reboot_record_text(const struct reboot_record *record, struct arena *arena)
{
	const char *boot_id = quoted(record->boot_id, arena);
	const char *kernel = quoted(record->kernel, arena);
	const char *reason = quoted(record->reason, arena);

	if (!boot_id || !kernel || !reason)
		return NULL;
	return arena_printf(arena, "WHEN=%llu\nBOOT_ID=%s\nWAY=%s\nKERNEL=%s\nREASON=%s\n",
		(unsigned long long)record->when, boot_id, ways[record->way], kernel, reason);
}

static bool take_way(const char *value, enum reboot_way *ret)
{
	for (size_t i = 0; i < WAYS; i++) {
		if (strcmp(value, ways[i]) != 0)
			continue;
		*ret = (enum reboot_way)i;
		return true;
	}
	return false;
}

bool reboot_record_read(
	const struct source *source, struct arena *arena, struct reboot_record *ret)
{
	struct reboot_record record = { .boot_id = "", .kernel = "", .reason = "" };
	bool has_when = false, has_way = false;
	struct setting_reader r;
	struct setting s;
	struct view text;

	if (!source->read(source, REBOOT_RECORD_FILE + 1, arena, &text))
		return false;
	r = setting_reader_make(text, arena);
	while (setting_next(&r, &s)) {
		const char *value = printable(s.value, arena);

		if (!value)
			return false;
		if (strcmp(s.name, "WHEN") == 0)
			has_when = text_decimal(view_of_string(value), &record.when);
		else if (strcmp(s.name, "WAY") == 0)
			has_way = take_way(value, &record.way);
		else if (strcmp(s.name, "BOOT_ID") == 0)
			record.boot_id = value;
		else if (strcmp(s.name, "KERNEL") == 0)
			record.kernel = value;
		else if (strcmp(s.name, "REASON") == 0)
			record.reason = value;
	}
	if (has_when && has_way)
		*ret = record;
	return has_when && has_way;
}
