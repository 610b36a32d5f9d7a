/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/boot-id.h"

#include "machine/text.h"

const char *boot_id_read(const struct source *source, struct arena *arena)
{
	struct view text;
	const char *id = NULL;

	if (source_read(source, "proc/sys/kernel/random/boot_id", arena, &text))
		id = arena_string(arena, text_trim(text));
	return id ? id : "";
}
