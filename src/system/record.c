/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/record.h"

#include <string.h>
#include <time.h>

#include "machine/boot-id.h"
#include "sys/clock.h"
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

struct stamp record_stamp(void)
{
	const struct clock_moment now = clock_moment();

	return (struct stamp){ true, now.wall_us, now.boot_us, now.ticks };
}

/* What there is of this boot already: as `saut reboot` has said, before the boot service came by, who decided. */
static bool read_before(const struct source *source, struct arena *arena, struct reboot_record *ret)
{
	return reboot_record_read(source, REBOOT_RECORD_FILE, arena, ret) && !ret->is_old &&
		strcmp(ret->boot_id, boot_id_read(source, arena)) == 0;
}

/* The first who comes by is who tells. What a shutdown has left that came to nothing is gone after an hour. */
static bool is_of_this_shutdown(const struct stamp *stamp)
{
	const uint64_t hour = UINT64_C(3600) * 1000000;

	return stamp->is_known && clock_moment().boot_us - stamp->boot_us < hour;
}

static void keep_what_was_said(
	const struct source *source, struct reboot_record *now, struct arena *arena)
{
	struct reboot_record before;

	if (!read_before(source, arena, &before))
		return;
	if (before.way == now->way && before.reason[0])
		now->reason = before.reason;
	for (size_t i = 0; i < MOMENTS_RECORDED; i++)
		if (is_of_this_shutdown(&before.at[i]))
			now->at[i] = before.at[i];
}

void record_leave(
	const struct source *source, const struct reboot_record *record, struct notes *notes)
{
	struct arena arena = { 0 };
	struct reboot_record now = *record;
	struct error err;

	keep_what_was_said(source, &now, &arena);
	if (!store(source, REBOOT_RECORD_FILE, now, &arena, &err))
		notes_add(notes, "the next boot will not know of this one: %s", err.reason);
	arena_free(&arena);
}

void record_moment(const struct source *source, enum moment moment)
{
	struct reboot_record record;
	struct arena arena = { 0 };
	struct error ignored;
	const char *text;

	if (read_before(source, &arena, &record) && !is_of_this_shutdown(&record.at[moment])) {
		record.at[moment] = record_stamp();
		text = reboot_record_text(&record, &arena);
		if (text)
			(void)!store_file_later(REBOOT_RECORD_FILE, text, &ignored);
	}
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
