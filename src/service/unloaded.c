/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/unloaded.h"

#include <string.h>

#include "machine/boot-id.h"
#include "service/quoted.h"

const char *unloaded_text(const char *boot_id, const char *at, bool was_loaded, struct arena *arena)
{
	const char *id = quoted(boot_id, arena), *when = quoted(at, arena);

	return id && when ? arena_printf(arena, "BOOT_ID=%s\nAT=%s\nWAS_LOADED=%s\n", id, when,
				    was_loaded ? "yes" : "no")
			  : NULL;
}

static const char *value_of(const struct assignments *all, const char *name)
{
	const struct assignment *a = assignments_find(all, name);

	return a && a->value ? a->value : "";
}

/* A file that is damaged was left by somebody who unloaded. NULL: it is of another boot. */
static const char *in_words(const struct source *source, struct view text, struct arena *arena)
{
	struct assignments all = { 0 };
	const char *id, *at, *said, *now = boot_id_read(source, arena);

	if (!assignments_read(&all, UNLOADED_FILE, text, arena))
		return "the loaded kernel was unloaded by hand";
	id = value_of(&all, "BOOT_ID");
	at = value_of(&all, "AT");
	if (id[0] && now[0] && strcmp(id, now) != 0)
		return NULL;
	said = strcmp(value_of(&all, "WAS_LOADED"), "no") == 0
		? "an unload was asked for by hand"
		: "the loaded kernel was unloaded by hand";
	return at[0] ? arena_printf(arena, "%s at %s", said, at) : said;
}

struct unloaded unloaded_find(
	const struct source *source, const struct loaded *loaded, struct arena *arena)
{
	struct unloaded found = { 0 };
	struct view text;
	struct error err;
	enum presence presence;

	if (loaded->is == ANSWER_YES)
		return found;
	presence = source->read(source, &UNLOADED_FILE[1], arena, &text, &err);
	if (presence == IS_THERE)
		found.what = in_words(source, text, arena);
	else if (presence == IS_UNREADABLE)
		found.unknown = arena_string(arena, view_of_string(err.reason));
	if (presence == IS_UNREADABLE && !found.unknown)
		found.unknown = "out of memory";
	if (found.what || found.unknown || !loaded->is_stale)
		return found;
	found.what = arena_printf(
		arena, "%s, which was loaded, was unloaded by another program", loaded->of.kernel);
	found.what = found.what ? found.what : "what was loaded was unloaded by another program";
	return found;
}
