/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/record.h"

#include <string.h>

#include "machine/text.h"
#include "service/quoted.h"

static const char *const ways[] = {
	[REBOOT_BY_FIRMWARE] = "firmware",
	[REBOOT_BY_KEXEC] = "kexec",
};

enum { WAYS = sizeof ways / sizeof *ways };

/* Of the file; earlier versions wrote none. */
#define FORM "FORM"

/* "asked" is AT_ASKED. */
static const char *setting_of(enum moment moment, struct arena *arena)
{
	char *name = arena_printf(arena, "AT_%s", moment_name(moment));

	for (char *c = name; c && *c; c++)
		*c = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	return name;
}

/* A line for each moment that is known. */
static const char *moments_text(const struct reboot_record *record, struct arena *arena)
{
	const char *text = "";

	for (unsigned i = 0; text && i < MOMENTS_RECORDED; i++) {
		const struct stamp *stamp = &record->at[i];
		const char *name = setting_of((enum moment)i, arena);
		const char *value = stamp_text(stamp, arena);

		if (!name || !value)
			return NULL;
		if (stamp->is_known)
			text = arena_printf(arena, "%s%s='%s'\n", text, name, value);
	}
	return text;
}

const char *reboot_record_text(const struct reboot_record *record, struct arena *arena)
{
	const char *boot_id = quoted(record->boot_id, arena);
	const char *reason = quoted(record->reason, arena);
	const char *of = loading_text(&record->of, arena);
	const char *at = moments_text(record, arena);

	if (!boot_id || !reason || !of || !at)
		return NULL;
	return arena_printf(arena, FORM "=2\nWHEN=%llu\nBOOT_ID=%s\nWAY=%s\nREASON=%s\n%s%s",
		(unsigned long long)record->when, boot_id, ways[record->way], reason, of, at);
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

static const char *value_of(const struct assignments *all, const char *name)
{
	const struct assignment *a = assignments_find(all, name);

	return a && a->value ? a->value : "";
}

bool reboot_record_parse(
	const struct assignments *all, struct arena *arena, struct reboot_record *ret)
{
	struct reboot_record record = {
		.boot_id = value_of(all, "BOOT_ID"),
		.reason = value_of(all, "REASON"),
		.is_old = !assignments_find(all, FORM),
	};

	if (!text_decimal(view_of_string(value_of(all, "WHEN")), &record.when) ||
		!take_way(value_of(all, "WAY"), &record.way) ||
		!loading_parse(all, arena, &record.of))
		return false;
	for (unsigned i = 0; i < MOMENTS_RECORDED; i++) {
		const char *name = setting_of((enum moment)i, arena);

		record.at[i] = stamp_parse(view_of_string(name ? value_of(all, name) : ""));
	}
	*ret = record;
	return true;
}

bool reboot_record_read(const struct source *source, const char *file, struct arena *arena,
	struct reboot_record *ret)
{
	struct assignments all = { 0 };
	struct view text;

	return source_read(source, file + 1, arena, &text) &&
		assignments_read(&all, file, text, arena) && reboot_record_parse(&all, arena, ret);
}
