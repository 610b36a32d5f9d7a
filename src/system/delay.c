/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/delay.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine/text.h"
#include "sys/process.h"
#include "sys/store.h"

/* All that the waiting process needs, in memory: our files are closed there. */
struct waiting {
	struct system *system;
	struct schedule schedule;
	const char *record;     /* of this reboot, for REBOOT_RECORD_FILE */
	const char *old_record; /* what is there; NULL: nothing */
};

static bool compose(struct waiting *w, struct error *err)
{
	struct system *s = w->system;
	struct reboot_record *record = &w->schedule.record;
	struct view text;

	record->boot_id = "";
	if (source_read(s->source, "proc/sys/kernel/random/boot_id", &s->arena, &text))
		record->boot_id = arena_string(&s->arena, text_trim(text));
	w->record = record->boot_id ? reboot_record_text(record, &s->arena) : NULL;
	if (!w->record)
		return fail_no_memory(err);
	/* It is put back where the init does not take the reboot. */
	if (!source_take(s->source, &REBOOT_RECORD_FILE[1], &s->arena, &text, err))
		return false;
	w->old_record = text.p ? arena_string(&s->arena, text) : NULL;
	return !text.p || w->old_record || fail_no_memory(err);
}

/* Before the child goes on; without the file it can neither be seen nor cancelled. */
static bool write_schedule(void *context, pid_t child)
{
	struct waiting *w = context;
	struct system *s = w->system;
	const char *text;
	struct error err;
	enum presence presence;

	w->schedule.process = (uint64_t)child;
	presence = schedule_process_started(
		s->source, w->schedule.process, &s->arena, &w->schedule.started, &err);
	if (presence == IS_ABSENT)
		fail(&err, FAULT_MACHINE_UNREADABLE, "/proc/%d/stat is not there", (int)child);
	else if (presence == IS_THERE && !(text = schedule_text(&w->schedule, &s->arena)))
		fail_no_memory(&err);
	else if (presence == IS_THERE && store_file(SCHEDULE_FILE, text, &err))
		return true;
	notes_add(&s->notes, "saut reboot --cancel will not know of this reboot: %s", err.reason);
	return false;
}

static bool is_ours(struct arena *arena)
{
	struct error ignored;
	struct snapshot now;
	struct schedule s;
	bool ours;

	if (!snapshot_open(NULL, &now, &ignored))
		return false;
	ours = schedule_read(&now.source, arena, &s, &ignored) == IS_THERE &&
		s.process == (uint64_t)getpid();
	snapshot_close(&now);
	return ours;
}

/* The time has come. Whoever cancelled it, or has another reboot wait, has done so in a turn. */
static bool begin(void *context, bool is_written, struct error *err)
{
	struct waiting *w = context;
	struct turn turn;
	struct error ignored;
	bool go;

	if (!turn_take(&turn, TURN_WAIT_MS, err))
		return false;
	go = !is_written || is_ours(&w->system->arena);
	if (go) {
		(void)!store_remove(SCHEDULE_FILE, &ignored);
		/* A record that cannot be left must not keep the machine from rebooting. */
		(void)!store_file(REBOOT_RECORD_FILE, w->record, &ignored);
	} else {
		fail(err, FAULT_NONE, "%s", "");
	}
	turn_end(&turn);
	return go;
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

static void take_back(void *context)
{
	struct waiting *w = context;
	struct error ignored;

	take_back_switches(w->schedule.switches, &w->system->arena);
	if (w->old_record)
		(void)!store_file(REBOOT_RECORD_FILE, w->old_record, &ignored);
	else
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

bool delay_reboot(struct system *system, const struct reboot_decision *decision, const char *kernel,
	unsigned seconds, struct error *err)
{
	struct waiting w = {
		.system = system,
		.schedule = {
			.record = {
				.when = (uint64_t)time(NULL) + seconds,
				.way = decision->way,
				.kernel = kernel,
				.reason = decision->reason,
			},
			.switches = switches_of(system, decision->way),
		},
	};
	const struct process_later later = { decision->words, seconds, write_schedule, begin,
		take_back, &w };

	if (system->has_schedule)
		notes_add(&system->notes, "it takes the place of the reboot that waited already");
	if (system->schedule_unknown)
		notes_add(&system->notes, "%s: whether a reboot waited already is not known",
			system->schedule_unknown);
	if (w.schedule.switches && compose(&w, err) && process_run_later(&later, err))
		return true;
	if (!w.schedule.switches)
		return fail_no_memory(err);
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
	take_back_switches(system->schedule.switches, &system->arena);
	return true;
}
