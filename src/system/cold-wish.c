/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/cold-wish.h"

#include <time.h>

#include "machine/boot-id.h"
#include "service/unloaded.h"
#include "sys/snapshot.h"
#include "sys/store.h"

static bool leave(bool was_loaded, struct arena *arena, struct error *err)
{
	char at[32] = "";
	time_t now = time(NULL);
	struct snapshot snapshot;
	struct tm tm;
	const char *text;

	if (!localtime_r(&now, &tm) || !strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", &tm))
		at[0] = '\0';
	if (!snapshot_open(NULL, &snapshot, err))
		return false;
	text = unloaded_text(boot_id_read(&snapshot.source, arena), at, was_loaded, arena);
	snapshot_close(&snapshot);
	return text ? store_file(UNLOADED_FILE, text, err) : fail_no_memory(err);
}

void cold_wish_leave(bool was_loaded, struct notes *notes)
{
	struct arena arena = { 0 };
	struct error err;

	if (!leave(was_loaded, &arena, &err))
		notes_add(notes,
			"a boot service may load a kernel for the next reboot all the same: %s",
			err.reason);
	arena_free(&arena);
}

void cold_wish_forget(void)
{
	struct error ignored;

	(void)!store_remove(UNLOADED_FILE, &ignored);
}
