/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/record.h"

#include <time.h>

#include "machine/boot-id.h"
#include "sys/store.h"

static bool store(const struct source *source, struct reboot_record record, struct error *err)
{
	struct arena arena = { 0 };
	const char *text;
	bool done;

	record.boot_id = boot_id_read(source, &arena);
	text = reboot_record_text(&record, &arena);
	done = text ? store_file(REBOOT_RECORD_FILE, text, err) : fail_no_memory(err);
	arena_free(&arena);
	return done;
}

void record_leave(const struct source *source, enum reboot_way way, const char *kernel,
	const char *reason, struct notes *notes)
{
	const struct reboot_record record = {
		.when = (uint64_t)time(NULL), .way = way, .kernel = kernel, .reason = reason
	};
	struct error err;

	if (!store(source, record, &err))
		notes_add(notes, "the next boot will not know of this one: %s", err.reason);
}
