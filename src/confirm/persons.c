/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sd-login(3) has CLASS and STATE of a session; a display manager's own one is no "user". */
#include "confirm/persons.h"

#include <stddef.h>
#include <string.h>
#include <utmpx.h>

#include "machine/text.h"

#define SESSIONS "run/systemd/sessions"

static bool has_line(struct view text, const char *wanted)
{
	struct view line;

	while (text_line(&text, &line))
		if (text_is(text_trim(line), wanted))
			return true;
	return false;
}

static bool is_user(const struct source *source, const char *name, struct arena *arena)
{
	const char *path = arena_printf(arena, SESSIONS "/%s", name);
	struct view text;

	/* Beside a session is a FIFO, which is not read. */
	return path && !strchr(name, '.') && source_read(source, path, arena, &text) &&
		has_line(text, "CLASS=user") && !has_line(text, "STATE=closing");
}

static bool is_in_utmp(struct view text)
{
	for (size_t at = 0; at + sizeof(struct utmpx) <= text.n; at += sizeof(struct utmpx)) {
		short type;

		memcpy(&type, text.p + at + offsetof(struct utmpx, ut_type), sizeof type);
		if (type == USER_PROCESS)
			return true;
	}
	return false;
}

bool is_somebody_logged_in(const struct source *source, struct arena *arena)
{
	const char *const *names;
	struct view text;

	if (source_list(source, SESSIONS, arena, &names))
		for (size_t i = 0; names[i]; i++)
			if (is_user(source, names[i], arena))
				return true;
	return source_read(source, "run/utmp", arena, &text) && is_in_utmp(text);
}
