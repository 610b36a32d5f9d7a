/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Under systemd all processes that a unit has started end with it, in whatever session they are: a
 * reboot that a timer, a cron job or another unit asks for would be forgotten with its asker. So a
 * transient timer waits (systemd-run(1)), and its service runs delay_begin in a process of its own.
 */
#include <string.h>
#include <unistd.h>

#include "sys/process.h"
#include "sys/store.h"
#include "system/delay-waiting.h"
#include "system/delay.h"

static bool write_schedule(struct waiting *w, struct error *err)
{
	const char *text = schedule_text(&w->schedule, &w->system->arena);

	return text ? store_file(SCHEDULE_FILE, text, err) : fail_no_memory(err);
}

static bool ask_systemd(const struct waiting *w, const char *program, struct error *err)
{
	struct arena *arena = &w->system->arena;
	const char *unit = arena_printf(arena, "--unit=%s", w->schedule.unit);
	const char *when = arena_printf(arena, "--on-active=%us", w->seconds);
	const char *begin = arena_printf(arena, "--begin=%s", w->schedule.unit);
	const char *const argv[] = { "systemd-run", "--quiet", "--collect", unit,
		"--description=Begin the reboot that saut was asked for", when,
		"--timer-property=AccuracySec=100ms", program, "reboot", begin, NULL };

	return unit && when && begin ? process_run(argv, err) : fail_no_memory(err);
}

bool waiting_by_unit(struct waiting *w, struct error *err)
{
	const char *program = process_find("saut", &w->system->arena);
	struct error ignored;

	if (!program)
		return waiting_by_process(w, err);
	w->schedule.unit = schedule_unit((uint64_t)getpid(), &w->system->arena);
	if (!w->schedule.unit)
		return fail_no_memory(err);
	/* The unit must find it, even if it begins at once. */
	if (!write_schedule(w, err))
		return false;
	if (ask_systemd(w, program, err))
		return true;
	(void)!store_remove(SCHEDULE_FILE, &ignored);
	return false;
}

void waiting_end_unit(const char *unit, struct arena *arena)
{
	const char *timer = arena_printf(arena, "%s.timer", unit);
	const char *const argv[] = { "systemctl", "stop", timer, NULL };
	struct error ignored;

	/* Where it goes on, it finds that the reboot is not its own. */
	if (timer)
		(void)!process_run(argv, &ignored);
}

static bool is_still_wanted(const struct system *s, const char *unit)
{
	return s->has_schedule && s->schedule.unit && strcmp(s->schedule.unit, unit) == 0;
}

bool delay_begin(struct system *system, const char *unit, struct error *err)
{
	const struct init_command *init = init_command_for(system->init.init);
	struct waiting w = { .system = system, .schedule = system->schedule };
	struct error ignored;

	if (system->schedule_unknown)
		return fail(err, FAULT_FILE_UNREADABLE, "%s", system->schedule_unknown);
	if (!is_still_wanted(system, unit))
		return fail(err, FAULT_NOTHING_SCHEDULED, "the reboot of %s is cancelled", unit);
	if (!init)
		return fail(
			err, FAULT_UNKNOWN_INIT, "process 1 is no init that saut knows how to ask");
	if (!waiting_read_records(&w, err))
		return false;
	(void)!store_remove(SCHEDULE_FILE, &ignored);
	waiting_leave_record(&w);
	if (waiting_leave(&w, err) &&
		process_run(w.schedule.record.way == REBOOT_BY_KEXEC ? init->by_kexec
								     : init->by_firmware,
			err))
		return true;
	waiting_take_back(&w);
	return false;
}
