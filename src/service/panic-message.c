/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/panic-message.h"

#include <string.h>

#include "machine/text.h"

#define LIVE "sys/fs/pstore"
#define KEPT "var/lib/systemd/pstore"

/* Folders below KEPT are named by microseconds since 1970. */
enum { MICROSECONDS = 1000000 };

static const char panic[] = "Kernel panic - not syncing";

static const char *panic_in(const struct source *source, const char *path, struct arena *arena)
{
	struct view text, line;

	if (!path || !source_read(source, path, arena, &text))
		return NULL;
	while (text_line(&text, &line)) {
		const uint8_t *at = memmem(line.p, line.n, panic, sizeof panic - 1);

		if (at)
			return arena_string(arena, view_from(line, (size_t)(at - line.p)));
	}
	return NULL;
}

static const char *panic_below(const struct source *source, const char *folder, struct arena *arena)
{
	const char *const *names;
	const char *found = NULL;

	if (!folder || !source_list(source, folder, arena, &names))
		return NULL;
	for (size_t i = 0; names[i] && !found; i++)
		if (strncmp(names[i], "dmesg", 5) == 0)
			found = panic_in(
				source, arena_printf(arena, "%s/%s", folder, names[i]), arena);
	return found;
}

const char *panic_message_find(const struct source *source, uint64_t since, struct arena *arena)
{
	const char *found = panic_below(source, LIVE, arena);
	const char *const *names;

	if (found || !source_list(source, KEPT, arena, &names))
		return found;
	for (size_t i = 0; names[i]; i++) {
		uint64_t when;
		const char *words;

		if (!text_decimal(view_of_string(names[i]), &when) || when / MICROSECONDS < since)
			continue;
		words = panic_below(source, arena_printf(arena, "%s/%s", KEPT, names[i]), arena);
		found = words ? words : found;
	}
	return found;
}
