/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/delay.h"

#include <time.h>

#include "machine/boot-id.h"
#include "machine/text.h"
#include "sys/store.h"
#include "system/come-back.h"
#include "system/delay-waiting.h"
#include "system/loaded.h"
#include "system/record.h"

bool waiting_read_records(struct waiting *w, struct error *err)
{
	struct system *s = w->system;
	struct reboot_record *record = &w->schedule.record;
	struct view text;

	record->boot_id = boot_id_read(s->source, &s->arena);
	w->record = reboot_record_text(record, &s->arena);
	if (!w->record)
		return fail_no_memory(err);
	/* It is put back where the init does not take the reboot. */
	if (!source_take(s->source, &REBOOT_RECORD_FILE[1], &s->arena, &text, err))
		return false;
	w->old_record = text.p ? arena_string(&s->arena, text) : NULL;
	return !text.p || w->old_record || fail_no_memory(err);
}

/* A record that cannot be left must not keep the machine from rebooting. */
void waiting_leave_record(struct waiting *w)
{
	struct reboot_record *record = &w->schedule.record;
	struct error ignored;
	const char *text;

	record->at[MOMENT_ASKED] = record_stamp();
	text = reboot_record_text(record, &w->system->arena);
	if (text)
		w->record = text;
	(void)!store_file(REBOOT_RECORD_FILE, w->record, &ignored);
}

bool waiting_leave(const struct waiting *w, struct error *err)
{
	struct system *s = w->system;
	struct notes unheard = { .arena = &s->arena };
	struct error ignored;
	struct snapshot now;
	bool done;

	if (w->schedule.record.way != REBOOT_BY_KEXEC)
		return true;
	if (!snapshot_open(NULL, &now, err))
		return false;
	/* What an earlier shutdown has seen, that ended otherwise. */
	(void)!store_remove(COME_BACK_SEEN_FILE, &ignored);
	done = come_back_leave(&now.source, s->init.init, &s->arena, &unheard, err);
	snapshot_close(&now);
	return done;
}

static void take_back_switches(const char *files, struct arena *arena)
{
	struct view left = view_of_string(files), file;
	struct error ignored;

	while (text_word(&left, &file)) {
		const char *path = arena_string(arena, file);

		if (path)
			(void)!store_remove(path, &ignored);
	}
}

void waiting_take_back(const struct waiting *w)
{
	struct error ignored;

	take_back_switches(w->schedule.switches, &w->system->arena);
	come_back_take_back();
	if (w->old_record)
		(void)!store_file(REBOOT_RECORD_FILE, w->old_record, &ignored);
	else if (w->record)
		(void)!store_remove(REBOOT_RECORD_FILE, &ignored);
}

/* Those of the reboot whose place it takes are its own from now on; NULL: memory is out. */
static const char *switches_of(struct system *s, enum reboot_way way)
{
	const char *made = way == REBOOT_BY_FIRMWARE ? reboot_switches(s) : "";

	if (!made || !s->has_schedule)
		return made;
	return arena_printf(&s->arena, "%s %s", s->schedule.switches, made);
}

static void take_the_place_of_another(struct system *s)
{
	if (s->schedule_unknown)
		notes_add(&s->notes, "%s: whether a reboot waited already is not known",
			s->schedule_unknown);
	if (!s->has_schedule)
		return;
	notes_add(&s->notes, "it takes the place of the reboot that waited already");
	if (s->schedule.unit)
		waiting_end_unit(s->schedule.unit, &s->arena);
}

static bool wait(struct waiting *w, struct error *err)
{
	if (w->system->init.init == INIT_SYSTEMD)
		return waiting_by_unit(w, err);
	return waiting_by_process(w, err);
}

bool delay_reboot(struct system *system, const struct reboot_decision *decision, unsigned seconds,
	struct error *err)
{
	const struct loaded loaded = loaded_now(&system->arena);
	struct waiting w = {
		.system = system,
		.decision = decision,
		.seconds = seconds,
		.schedule = {
			.record = {
				.when = (uint64_t)time(NULL) + seconds,
				.way = decision->way,
				.reason = decision->reason,
			},
			.switches = switches_of(system, decision->way),
		},
	};

	if (!w.schedule.switches)
		return fail_no_memory(err);
	if (decision->way == REBOOT_BY_KEXEC && loaded.has_record)
		w.schedule.record.of = loaded.of;
	take_the_place_of_another(system);
	if (waiting_read_records(&w, err) && wait(&w, err))
		return true;
	take_back_switches(w.schedule.switches, &system->arena);
	return false;
}

bool delay_cancel(struct system *system, struct error *err)
{
	if (system->schedule_unknown)
		return fail(err, FAULT_FILE_UNREADABLE, "%s", system->schedule_unknown);
	if (!system->has_schedule)
		return fail(err, FAULT_NOTHING_SCHEDULED, "no reboot waits for its time");
	if (!store_remove(SCHEDULE_FILE, err))
		return false;
	if (system->schedule.unit)
		waiting_end_unit(system->schedule.unit, &system->arena);
	take_back_switches(system->schedule.switches, &system->arena);
	return true;
}
