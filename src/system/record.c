/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/record.h"

#include <string.h>
#include <time.h>

#include "machine/boot-id.h"
#include "sys/store.h"

static bool store(const struct source *source, const char *file, struct reboot_record record,
	struct arena *arena, struct error *err)
{
	const char *text;

	record.when = (uint64_t)time(NULL);
	record.boot_id = boot_id_read(source, arena);
	text = reboot_record_text(&record, arena);
	return text ? store_file(file, text, err) : fail_no_memory(err);
}

/* `saut reboot` has said who decided, before the boot service came by. */
static const char *who_decided(
	const struct source *source, const struct reboot_record *now, struct arena *arena)
{
	struct reboot_record before;

	return reboot_record_read(source, REBOOT_RECORD_FILE, arena, &before) && !before.is_old &&
			before.way == now->way && before.reason[0] &&
			strcmp(before.boot_id, boot_id_read(source, arena)) == 0
		? before.reason
		: now->reason;
}

void record_leave(
	const struct source *source, const struct reboot_record *record, struct notes *notes)
{
	struct arena arena = { 0 };
	struct reboot_record now = *record;
	struct error err;

	now.reason = who_decided(source, record, &arena);
	if (!store(source, REBOOT_RECORD_FILE, now, &arena, &err))
		notes_add(notes, "the next boot will not know of this one: %s", err.reason);
	arena_free(&arena);
}

void record_plan(
	const struct source *source, const char *kernel, const char *reason, struct notes *notes)
{
	const struct reboot_record record = { .of.kernel = kernel, .reason = reason };
	struct arena arena = { 0 };
	struct error err;

	if (!(reason ? store(source, PLANNED_RECORD_FILE, record, &arena, &err)
		     : store_remove(PLANNED_RECORD_FILE, &err)))
		notes_add(notes, "saut status will not know why: %s", err.reason);
	arena_free(&arena);
}
