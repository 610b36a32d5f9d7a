/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service loads, by its settings. */
#include "cmd/saut/service-load.h"

#include <string.h>

#include "cmd/saut/service-record.h"
#include "cmd/saut/service-show.h"
#include "cmd/saut/service-unload.h"
#include "cmd/say.h"
#include "jump/act.h"
#include "system/cold-wish.h"
#include "system/foretell.h"
#include "system/keep-ready.h"
#include "system/loaded.h"
#include "system/next.h"
#include "system/record.h"

/* By hand, or by `saut reboot`: then somebody wants this very kernel. */
static bool is_loaded_by_others(struct service *s)
{
	struct kexec_ability now;
	struct error ignored;

	return !loaded_is_services(&s->system.loaded) && act_ability(&now, &ignored) &&
		now.loaded == ANSWER_YES;
}

/* A kernel that the service loaded before may be gone by now: better none. Always false. */
static bool give_up(struct service *s, const struct error *err)
{
	struct error ignored;

	if (is_loaded_by_others(s)) {
		/* Loading may have taken back what was written down for it. */
		if (!s->rebooting || service_leave_trial(s, &ignored))
			notes_add(&s->system.notes,
				"what somebody else has loaded is kept, and the next reboot jumps into it");
		return false;
	}
	if (!service_unload(s, &ignored))
		notes_add(&s->system.notes, "%s", ignored.reason);
	service_tell(s, err);
	return false;
}

bool service_has_settings(struct service *s, struct error *err)
{
	if (service_settings_check(&s->system.settings, err))
		return true;
	if (s->system.ability.loaded != ANSWER_YES)
		service_tell(s, err);
	return false;
}

/* On trial, if the settings want it so; not one that has failed before. */
static bool load_on_trial(struct service *s, struct error *err)
{
	struct target *t = &s->target;
	const struct come_back_wanted wanted = { s->system.settings.come_back, t->release, false };
	struct come_back trial;

	if (!come_back_permits(&s->system, t->kernel, t->release, err) ||
		!come_back_begin(&s->system, &wanted, &t->job, &trial, err))
		return false;
	if (service_load_job(s, &trial, err))
		return true;
	come_back_undo(&trial);
	return false;
}

bool service_leave_trial(struct service *s, struct error *err)
{
	struct snapshot now;
	bool done = snapshot_open(NULL, &now, err);

	if (done) {
		done = come_back_leave(
			&now.source, s->system.init.init, &s->system.arena, &s->system.notes, err);
		snapshot_close(&now);
	}
	return done || service_call_off(s, err);
}

/* What is loaded stays; that there is something newer, or nothing at all, may be news. */
static bool keep(struct service *s, struct error *err)
{
	const struct loading *l = &s->system.loaded.of;

	if (!target_find(&s->system, &s->target, err))
		return give_up(s, err);
	say("%s is loaded and is kept: the boot service did not load it\n",
		s->system.loaded.has_record ? l->kernel : "a kernel");
	if (!s->system.loaded.has_record || strcmp(s->target.kernel, l->kernel) != 0)
		notes_add(&s->system.notes,
			"the boot service would load %s; to let it, run saut unload and start the service again",
			s->target.kernel);
	return true;
}

/*
 * While the machine goes down nothing serves, and loading takes its time as the jump does. What is loaded
 * ahead takes memory, maybe for weeks. What KEXEC_OPT_ARGS says of it counts.
 */
static void set_aim(const struct service *s, struct load_aim *aim)
{
	const struct service_settings *settings = &s->system.settings;

	if (s->rebooting && aim->shorten == SHORTEN_UNSAID)
		aim->shorten = SHORTEN_OUTAGE;
	if (s->rebooting || aim->is_held)
		return;
	aim->is_held = true;
	aim->hold = settings->has_hold ? settings->hold : HOLD_USUAL;
}

/* While the machine goes down. */
static void mark(struct service *s, enum moment moment)
{
	if (s->rebooting)
		s->at[moment] = record_stamp();
}

bool service_load_now(struct service *s, struct error *err)
{
	mark(s, MOMENT_LOAD_BEGINS);
	if (!s->rebooting && loaded_is_kept(&s->system.loaded))
		return keep(s, err);
	if (s->system.loaded.is_gone && !loaded_is_services(&s->system.loaded))
		notes_add(&s->system.notes,
			"the file of the loaded kernel %s is gone: another kernel takes its place",
			s->system.loaded.of.kernel);
	if (!target_find(&s->system, &s->target, err))
		return give_up(s, err);
	set_aim(s, &s->target.job.aim);
	if (!load_on_trial(s, err))
		return give_up(s, err);
	mark(s, MOMENT_LOADED);
	service_plan(s, NULL);
	if (!s->rebooting)
		return true;
	service_leave_record(s, REBOOT_BY_KEXEC, NULL);
	return service_leave_trial(s, err);
}

/* Who starts the service wants reboots by kexec from now on, whatever was unloaded before. */
static void begin_anew(struct service *s)
{
	cold_wish_forget();
	if (s->system.off.kind != OFF_UNLOADED)
		return;
	loaded_forget(false);
	s->system.off = (struct off_switch){ 0 };
}

static bool load_again(struct service *s, struct error *err)
{
	if (service_off_by(s))
		return service_stay_off(s, err);
	return service_has_settings(s, err) && service_load_now(s, err);
}

bool service_load(struct service *s, struct error *err)
{
	begin_anew(s);
	return load_again(s, err);
}

/* Under systemd by a unit that comes by in the shutdown, if it is up. */
static bool loads_later(const struct service *s)
{
	return service_loads_at_shutdown(&s->system.settings) &&
		(s->request.style != SERVICE_SYSTEMD || s->system.init.loader);
}

/*
 * Whether it could be loaded, as far as this tells it. OpenRC stops no service that has not started: there only
 * what can hardly mend by itself until the shutdown is asked for.
 */
static bool check_target(struct service *s, struct error *err)
{
	struct target *t = &s->target;

	if (s->request.style == SERVICE_SYSTEMD)
		return foretell_rehearse(&s->system, t, err);
	return target_find(&s->system, t, err) && target_check(&s->system, t, err);
}

/* What the service loaded ahead, by other settings or an earlier version, holds memory for nothing. */
static bool let_go(struct service *s, struct error *err)
{
	return !loaded_is_services(&s->system.loaded) || service_unload(s, err);
}

/* Of a service that may load at shutdown only. */
static bool start_again(struct service *s, struct error *err)
{
	if (service_off_by(s) || !loads_later(s))
		return load_again(s, err);
	if (!service_has_settings(s, err))
		return false;
	if (loaded_is_kept(&s->system.loaded))
		return keep(s, err);
	/* A start that had to wait for a boot which is over, or a change of /boot. */
	if (s->system.is_ahead && s->system.ability.loaded == ANSWER_YES) {
		say("the machine goes down: what is loaded stays as it is\n");
		return true;
	}
	if (!check_target(s, err))
		return give_up(s, err);
	service_plan(s, NULL);
	service_show_target(&s->target, "to be loaded at shutdown");
	return let_go(s, err);
}

bool service_start(struct service *s, struct error *err)
{
	begin_anew(s);
	return start_again(s, err);
}

/* What there is to load may have changed, and nobody wishes anything else than before. */
bool service_reload(struct service *s, struct error *err)
{
	return start_again(s, err);
}

/* Where this machine goes down already, or will once through the firmware, what there is stays. */
bool service_prepare(struct service *s, struct error *err)
{
	if (s->system.is_ahead || next_switched_off(&s->system))
		return true;
	return keep_ready(&s->system, &s->target, err);
}
