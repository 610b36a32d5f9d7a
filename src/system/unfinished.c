/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/unfinished.h"

#include "machine/boot-id.h"
#include "machine/text.h"
#include "sys/store.h"

void unfinished_begin(const struct source *source, struct notes *notes)
{
	struct arena arena = { 0 };
	struct error err;

	if (!store_file(UNFINISHED_FILE, boot_id_read(source, &arena), &err))
		notes_add(notes, "should loading not end, nobody will know: %s", err.reason);
	arena_free(&arena);
}

void unfinished_end(void)
{
	struct error ignored;

	(void)!store_remove(UNFINISHED_FILE, &ignored);
}

bool unfinished_is(const struct source *source, struct arena *arena)
{
	struct view text;
	struct error ignored;

	switch (source->read(source, &UNFINISHED_FILE[1], arena, &text, &ignored)) {
	case IS_ABSENT:
		return false;
	case IS_UNREADABLE:
		return true;
	case IS_THERE:
		break;
	}
	return text_is(text_trim(text), boot_id_read(source, arena));
}
