/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/record.h"

#include <time.h>

#include "machine/text.h"
#include "sys/snapshot.h"
#include "sys/store.h"

static const char *boot_id(const struct source *source, struct arena *arena)
{
	struct view text;

	return source_read(source, "proc/sys/kernel/random/boot_id", arena, &text)
		? arena_string(arena, text_trim(text))
		: NULL;
}

bool save_record(enum reboot_way way, const char *kernel, const char *reason, struct error *err)
{
	struct reboot_record record = {
		.when = (uint64_t)time(NULL), .way = way, .kernel = kernel, .reason = reason
	};
	struct arena arena = { 0 };
	struct snapshot snapshot;
	const char *text;
	bool done;

	if (!snapshot_open(NULL, &snapshot, err))
		return false;
	record.boot_id = boot_id(&snapshot.source, &arena);
	text = reboot_record_text(&record, &arena);
	done = text ? store_file(REBOOT_RECORD_FILE, text, err) : fail_no_memory(err);
	snapshot_close(&snapshot);
	arena_free(&arena);
	return done;
}
