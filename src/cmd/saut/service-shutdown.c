/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service does while the machine goes down, up to the jump. */
#include "cmd/saut/service.h"

#include <string.h>

#include "check/known.h"
#include "cmd/message.h"
#include "cmd/saut/confirm.h"
#include "cmd/saut/service-load.h"
#include "cmd/saut/service-record.h"
#include "cmd/saut/service-unload.h"
#include "cmd/say.h"
#include "jump/act.h"
#include "sys/drivers.h"
#include "sys/kernel-log.h"
#include "sys/process.h"
#include "sys/store.h"
#include "system/cold-wish.h"
#include "system/come-back.h"
#include "system/kept.h"
#include "system/next.h"
#include "system/record.h"
#include "system/unfinished.h"

/* The files by which others ask for one reboot through the firmware have been seen. */
static void forget_once(struct service *s)
{
	for (size_t i = 0; i < FOREIGN_SWITCHES; i++) {
		struct error err;

		if (!store_remove(foreign_switches[i].file, &err))
			notes_add(&s->system.notes, "%s", err.reason);
	}
}

static bool load(struct service *s, struct error *err)
{
	bool done;

	unfinished_begin(s->system.source, &s->system.notes);
	done = service_load_now(s, err);
	unfinished_end();
	return done;
}

/* What a script prints may be kept until it has ended (startpar(8)), which it does not. */
static void tell(const char *what)
{
	kernel_log_write(KERNEL_LOG_NOTICE, what);
	say("%s\n", what);
	message_flush();
}

/* The way through the firmware, which is all that is left by now, loses what is kept in memory as well. */
static void tell_what_is_lost(struct service *s)
{
	struct notes notes = { .arena = &s->system.arena };
	struct error ignored;

	(void)!kept_permits(s->system.source, &s->system.loaded, true, &notes, &ignored);
	for (size_t i = 0; i < notes.count; i++)
		tell(notes.items[i]);
}

/* When the machine goes down for a reboot: what the next one is was decided by all that was looked at. */
static bool stop_for_reboot(struct service *s, struct error *err)
{
	const struct next_reboot next = next_decide(&s->system, true);

	if (next.way == NEXT_LOAD)
		return load(s, err);
	service_leave_decision(s, &next);
	if (next_switched_off(&s->system)) {
		forget_once(s);
		return service_stay_off(s, err);
	}
	if (next.way == NEXT_JUMP) {
		say("a kernel is loaded already, and is kept\n");
		tell_what_is_lost(s);
		if (!service_leave_trial(s, err))
			return false;
	}
	return service_off_by(s) || service_has_settings(s, err);
}

bool service_stop(struct service *s, struct error *err)
{
	const bool was_loaded = s->system.ability.loaded != ANSWER_NO;

	/* Where somebody else has come by before, that counts. */
	s->at[MOMENT_SHUTDOWN] = record_stamp();
	if (s->rebooting)
		return stop_for_reboot(s, err);
	if (!service_unload(s, err))
		return false;
	cold_wish_leave(was_loaded, &s->system.notes);
	return true;
}

/* What is unbound before a jump: what the settings name, else what is known to want it. */
static const char *to_unbind(struct service *s)
{
	const struct check_subject subject = { .source = s->system.source,
		.arena = &s->system.arena,
		.ability = &s->system.ability,
		.release = "" };
	const char *named = s->system.settings.unbind;
	struct error err;

	if (!service_settings_check(&s->system.settings, &err))
		notes_add(&s->system.notes, "%s", err.reason);
	if (strcmp(named, "-") == 0)
		return "";
	return named[0] ? named : known_unbind(&subject);
}

/* OpenRC's scripts do not tell how the shutdown will end; systemd's come here only where it is by a jump. */
static bool ends_in_a_jump(struct service *s)
{
	if (next_decide(&s->system, false).way != NEXT_JUMP)
		return false;
	return s->request.style != SERVICE_OPENRC || next_find(&s->system).way != NEXT_FIRMWARE;
}

/*
 * Where the init makes the jump by itself, as its last step; OpenRC's script asks when all else is stopped. With a driver that cannot be unbound it must
 * not: then it finds nothing loaded, and goes through the firmware.
 */
bool service_unbind(struct service *s, struct error *err)
{
	const char *names = ends_in_a_jump(s) ? to_unbind(s) : "";
	struct drivers drivers;
	bool done;

	if (s->request.style == SERVICE_OPENRC)
		record_moment(s->system.source, MOMENT_STOPPED);

	if (!names[0])
		return !s->only_check ||
			fail(err, FAULT_NO_DRIVER, "no driver is to be unbound before a jump");
	if (s->only_check)
		return true;
	s->rebooting = true;
	done = drivers_unbind(&drivers_live, names, &drivers, err);
	for (size_t i = 0; i < drivers.notes.count; i++)
		tell(drivers.notes.items[i]);
	drivers_forget(&drivers);
	return done || service_call_off(s, err);
}

/* What there is may be loaded, and nothing be written down of what was promised. Always false. */
static bool call_off_unfinished(struct service *s, struct error *err)
{
	fail(err, FAULT_NOTHING_LOADED, "loading during the shutdown was ended before it was done");
	s->rebooting = true;
	unfinished_end();
	return service_call_off(s, err);
}

/* The last step of a shutdown: services are stopped, file systems read-only. */
bool service_jump(struct service *s, struct error *err)
{
	static const char *const systemd[] = { "systemctl", "--force", "kexec", NULL };
	struct act_leave leave = { .sync = true, .network_down = true, .tell = tell };
	const struct next_reboot next = next_decide(&s->system, false);

	if (s->request.style == SERVICE_SYSTEMD)
		record_moment(s->system.source, MOMENT_STOPPED);
	/* Nothing is loaded: whoever asks goes on through the firmware. */
	if (s->system.off.kind == OFF_UNLOADED && s->only_check)
		return fail(err, FAULT_NOTHING_LOADED, "%s", next.reason);
	if (next_switched_off(&s->system)) {
		say("%s: this reboot goes through the firmware\n", next.reason);
		forget_once(s);
		return service_unload(s, err);
	}
	if (unfinished_is(s->system.source, &s->system.arena))
		return call_off_unfinished(s, err);
	if (next.way != NEXT_JUMP)
		return fail(err, FAULT_NOTHING_LOADED, "no kernel is loaded");
	if (s->only_check)
		return true;
	tell_what_is_lost(s);
	if (s->request.style == SERVICE_SYSTEMD)
		return process_run(systemd, err);
	leave.unbind = to_unbind(s);
	record_moment(s->system.source, MOMENT_LEAVES);
	if (act_jump(&kexec_live, leave, err))
		return true;
	/* Where it still can be: nothing is tried by a boot through the firmware. */
	come_back_take_back();
	return false;
}

/*
 * The first step of a shutdown: everything still runs. What is asked for once may be gone at its end, as a
 * staged deployment is, which is the boot loader's default by then.
 */
bool service_leave(struct service *s, struct error *err)
{
	const struct next_reboot next = next_find(&s->system);

	s->at[MOMENT_SHUTDOWN] = record_stamp();
	confirm_is_left(&s->system);
	come_back_see(s->system.source, s->system.init.init, &s->system.arena, &s->system.notes);
	if (!s->rebooting)
		return true;
	/* A service that loads says itself what came of it. */
	if (next.way == NEXT_JUMP || next.way == NEXT_FIRMWARE)
		service_leave_decision(s, &next);
	if (s->system.off.kind == OFF_TOLD)
		return store_file(OFF_ONCE_FILE, s->system.off.what, err);
	return service_off_by(s) || service_leave_trial(s, err);
}
