/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/panic-message.h"

#include <string.h>

#include "machine/text.h"

#define LIVE "sys/fs/pstore"
#define KEPT "var/lib/systemd/pstore"

/*
 * Records of EFI have an id of seconds since 1970, two digits for the part and three for a count (Linux,
 * drivers/firmware/efi/efi-pstore.c); those of ERST one whose upper half is seconds (cper_next_record_id).
 */
enum { EFI_DIGITS = 100000, ERST_SHIFT = 32 };

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

/* Whether a live record is of before that; of other backends a name does not tell. */
static bool is_older(const char *name, uint64_t since)
{
	static const char efi[] = "dmesg-efi-", erst[] = "dmesg-erst-";
	uint64_t id;

	if (strncmp(name, efi, sizeof efi - 1) == 0)
		return text_decimal(view_of_string(&name[sizeof efi - 1]), &id) &&
			id / EFI_DIGITS < since;
	return strncmp(name, erst, sizeof erst - 1) == 0 &&
		text_decimal(view_of_string(&name[sizeof erst - 1]), &id) &&
		id >> ERST_SHIFT < since;
}

static const char *panic_below(
	const struct source *source, const char *folder, uint64_t since, struct arena *arena)
{
	const char *const *names;
	const char *found = NULL;

	if (!folder || !source_list(source, folder, arena, &names))
		return NULL;
	for (size_t i = 0; names[i] && !found; i++)
		if (strncmp(names[i], "dmesg", 5) == 0 && !is_older(names[i], since))
			found = panic_in(
				source, arena_printf(arena, "%s/%s", folder, names[i]), arena);
	return found;
}

/*
 * systemd's folders: of EFI's ids the seconds, of ERST's the whole; those of older versions are of both what is
 * left without the last six digits. The latest second that it can be; 0: it is none of them.
 */
static uint64_t time_of(const char *folder)
{
	static const struct {
		uint64_t first, last, factor;
		unsigned shift;
	} forms[] = {
		{ 100000000, 999999999, 10, 0 },
		{ 1000000000, 9999999999, 1, 0 },
		{ 1000000000000, 9999999999999, 1000000, ERST_SHIFT },
		{ 1000000000000000000, INT64_MAX, 1, ERST_SHIFT },
	};
	uint64_t id;

	for (size_t i = 0;
		text_decimal(view_of_string(folder), &id) && i < sizeof forms / sizeof *forms; i++)
		if (id >= forms[i].first && id <= forms[i].last)
			return (id * forms[i].factor + forms[i].factor - 1) >> forms[i].shift;
	return 0;
}

/* Later versions have a folder more for each count of EFI's. */
static const char *panic_in_folder(
	const struct source *source, const char *folder, struct arena *arena)
{
	const char *found = panic_below(source, folder, 0, arena);
	const char *const *names;

	if (found || !folder || !source_list(source, folder, arena, &names))
		return found;
	for (size_t i = 0; names[i] && !found; i++)
		found = panic_below(
			source, arena_printf(arena, "%s/%s", folder, names[i]), 0, arena);
	return found;
}

const char *panic_message_find(const struct source *source, uint64_t since, struct arena *arena)
{
	const char *found = panic_below(source, LIVE, since, arena);
	const char *const *names;

	if (found || !source_list(source, KEPT, arena, &names))
		return found;
	for (size_t i = 0; names[i]; i++) {
		const uint64_t when = time_of(names[i]);
		const char *words;

		if (!when || when < since)
			continue;
		words = panic_in_folder(
			source, arena_printf(arena, "%s/%s", KEPT, names[i]), arena);
		found = words ? words : found;
	}
	return found;
}
