/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "sys/process.h"
#include "sys/store.h"
#include "system/delay-waiting.h"

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
		waiting_leave_record(w);
		go = waiting_leave(w, err);
		if (!go)
			waiting_take_back(w);
	} else {
		fail(err, FAULT_NONE, "%s", "");
	}
	turn_end(&turn);
	return go;
}

static void take_back(void *context)
{
	waiting_take_back(context);
}

bool waiting_by_process(struct waiting *w, struct error *err)
{
	const struct process_later later = { w->decision->argv, w->seconds, write_schedule, begin,
		take_back, w };

	return process_run_later(&later, err);
}
