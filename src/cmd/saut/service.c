/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * saut service: what the scripts and units of boot services call. Whatever fails here, the machine
 * still reboots: then nothing is loaded, and init goes through the firmware.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "check/known.h"
#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/confirm.h"
#include "cmd/saut/foretold.h"
#include "cmd/saut/loadings.h"
#include "cmd/saut/promise.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "jump/act.h"
#include "sys/drivers.h"
#include "sys/process.h"
#include "sys/store.h"
#include "system/cold-wish.h"
#include "system/come-back.h"
#include "system/load.h"
#include "system/loaded.h"
#include "system/next.h"
#include "system/record.h"
#include "system/target.h"

struct service {
	struct service_request request;
	bool rebooting;  /* stop: since the machine goes down for a reboot, not by hand */
	bool only_check; /* jump: say whether, and do not */
	bool as_json;    /* check and status */
	struct system system;
	struct target target;
};

static void leave_record(struct service *s, enum reboot_way way, const char *reason)
{
	struct reboot_record record = { .way = way, .reason = reason };
	struct loaded now;

	if (way == REBOOT_BY_KEXEC) {
		now = loaded_now(&s->system.arena);
		record.of = now.of;
	} else if (s->target.kernel) {
		record.of.kernel = s->target.kernel;
		record.of.title = s->target.title;
		record.of.release = s->target.release;
	}
	record_leave(s->system.source, &record, &s->system.notes);
}

/* What the reboot that goes on now will be. */
static void leave_decision(struct service *s, const struct next_reboot *next)
{
	leave_record(
		s, next->way == NEXT_JUMP ? REBOOT_BY_KEXEC : REBOOT_BY_FIRMWARE, next->reason);
}

static void plan(struct service *s, const char *reason)
{
	record_plan(s->system.source, s->target.kernel, reason, &s->system.notes);
}

static void forget_trial(struct service *s)
{
	plan(s, NULL);
	come_back_forget();
	come_back_take_back(s->system.source, &s->system.arena);
}

static bool unload(struct service *s, struct error *err)
{
	forget_trial(s);
	if (s->system.ability.loaded != ANSWER_NO)
		return system_unload(false, &s->system.ability, err);
	loaded_forget();
	return true;
}

/* What switches the service off: a switch of all, or a setting of this one. NULL: nothing. */
static const char *off_by(const struct service *s)
{
	const char *off = next_switched_off(&s->system);

	return off ? off : s->system.settings.off_by;
}

static bool stay_off(struct service *s, struct error *err)
{
	say("%s: reboots go through the firmware\n", off_by(s));
	/* What says so stays until the reboot. */
	if (s->system.off.kind == OFF_UNLOADED)
		return true;
	return unload(s, err);
}

static void show(const struct target *t, const char *what)
{
	say("%s: %s (%s)\n", what, t->title, t->choice.why);
	say("    kernel   %s\n", t->kernel);
	for (size_t i = 0; i < t->job.initrd_count; i++)
		say("    initrd   %s\n", t->job.initrds[i]);
	say("    options  %s\n", t->job.command_line ? t->job.command_line : "its own");
}

struct shown {
	struct service *service;
	const struct come_back *trial; /* NULL: it is none */
	const char *what;
};

static void show_done(const struct job *job, const void *context)
{
	const struct shown *shown = context;
	const struct come_back *trial = shown->trial;

	if (shown->service->as_json)
		return;
	show(&shown->service->target, shown->what);
	if (trial)
		promise_show(&shown->service->system, trial, job,
			trial->one_shot.title ? trial->one_shot.title : "");
}

/* trial: NULL: it is none, and nothing is loaded. */
static bool load_job(struct service *s, const struct come_back *trial, struct error *err)
{
	const struct kexec_options *options = &s->target.options;
	const struct shown shown = { s, trial, trial ? "loaded" : "would load" };
	const struct run_job run = {
		.request = &s->target.job,
		.dry_run = !trial,
		.has_turn = s->system.has_turn,
		.loader = LOADER_SERVICE,
		.title = s->target.title,
		.checked = s->system.settings.no_checks ? NULL : &s->system,
		.done = show_done,
		.context = &shown,
	};

	for (size_t i = 0; i < options->remark_count; i++)
		notes_add(&s->system.notes, "--%s has no effect: %s", options->remarks[i].name,
			options->remarks[i].why);
	return run_job(&run, err);
}

/* Of the JSON. */
enum { SCHEMA = 1 };

/* foretold NULL: nobody has asked; why NULL: the target is what the service loads. */
static void show_json(struct service *s, const struct foretold *foretold, const char *why)
{
	struct json j = { .out = stdout };
	struct loading of = { 0 };

	if (!why)
		of = foretell_target(&s->target, &s->system.arena);
	json_begin(&j, SCHEMA);
	if (foretold)
		foretold_show_json(foretold, &j);
	else
		json_null(&j, "next_reboot");
	loading_show_json("target", why ? NULL : &of, &j);
	json_string(&j, "by", why ? NULL : s->target.choice.why);
	json_string(&j, "reason", why);
	json_end(&j);
}

/* In the log, and to the next boot. */
static void tell(struct service *s, const struct error *err)
{
	struct error told = *err;

	message_spell(&told);
	plan(s, told.reason);
	if (s->rebooting)
		leave_record(s, REBOOT_BY_FIRMWARE, told.reason);
	if (!getenv("JOURNAL_STREAM")) {
		openlog("saut", LOG_CONS, LOG_DAEMON);
		say_to_log(LOG_ERR, "no kernel is loaded, the reboot goes through the firmware: %s",
			told.reason);
	}
}

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
		notes_add(&s->system.notes,
			"what somebody else has loaded is kept, and the next reboot jumps into it");
		return false;
	}
	if (!unload(s, &ignored))
		notes_add(&s->system.notes, "%s", ignored.reason);
	tell(s, err);
	return false;
}

/* Settings that cannot be used; what was loaded before stays, and is jumped into. */
static bool has_settings(struct service *s, struct error *err)
{
	if (service_settings_check(&s->system.settings, err))
		return true;
	if (s->system.ability.loaded != ANSWER_YES)
		tell(s, err);
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
	if (load_job(s, &trial, err))
		return true;
	come_back_forget();
	return false;
}

/*
 * What is loaded is jumped into: what was true before is written down, if it is a trial. Where that cannot
 * be, nothing that was promised holds, and the reboot goes through the firmware.
 */
static bool leave_trial(struct service *s, struct error *err)
{
	struct error ignored;
	struct snapshot now;
	bool done = snapshot_open(NULL, &now, err);

	if (done) {
		done = come_back_leave(
			&now.source, s->system.init.init, &s->system.arena, &s->system.notes, err);
		snapshot_close(&now);
	}
	if (done)
		return true;
	forget_trial(s);
	tell(s, err);
	/* Whatever was loaded when this system was looked at. */
	if (!system_unload(false, &s->system.ability, &ignored))
		error_append(err, "; what is loaded cannot be unloaded: %s", ignored.reason);
	return false;
}

/* What is loaded stays; that there is something newer, or nothing at all, may be news. */
static bool keep(struct service *s, struct error *err)
{
	const struct loading *l = &s->system.loaded.of;

	if (!target_find(&s->system, &s->target, err))
		return give_up(s, err);
	say("%s is loaded, not by the boot service, and is kept\n",
		s->system.loaded.has_record ? l->kernel : "a kernel");
	if (!s->system.loaded.has_record || strcmp(s->target.kernel, l->kernel) != 0)
		notes_add(&s->system.notes,
			"the boot service would load %s: saut unload, and then its start, lets it",
			s->target.kernel);
	return true;
}

static bool load_now(struct service *s, struct error *err)
{
	if (!s->rebooting && loaded_is_kept(&s->system.loaded))
		return keep(s, err);
	if (s->system.loaded.is_gone && !loaded_is_services(&s->system.loaded))
		notes_add(&s->system.notes,
			"%s is loaded and its file is no longer there: another kernel takes its place",
			s->system.loaded.of.kernel);
	if (!target_find(&s->system, &s->target, err) || !load_on_trial(s, err))
		return give_up(s, err);
	plan(s, NULL);
	if (!s->rebooting)
		return true;
	leave_record(s, REBOOT_BY_KEXEC, NULL);
	return leave_trial(s, err);
}

/* Who starts the service wants reboots by kexec from now on, whatever was unloaded before. */
static void begin_anew(struct service *s)
{
	cold_wish_forget();
	if (s->system.off.kind != OFF_UNLOADED)
		return;
	loaded_forget();
	s->system.off = (struct off_switch){ 0 };
}

static bool load_again(struct service *s, struct error *err)
{
	if (off_by(s))
		return stay_off(s, err);
	return has_settings(s, err) && load_now(s, err);
}

static bool load(struct service *s, struct error *err)
{
	begin_anew(s);
	return load_again(s, err);
}

/* Of a service that may load at shutdown only. */
static bool start_again(struct service *s, struct error *err)
{
	if (off_by(s) || !service_loads_at_shutdown(&s->system.settings))
		return load_again(s, err);
	if (!has_settings(s, err))
		return false;
	if (loaded_is_kept(&s->system.loaded))
		return keep(s, err);
	if (!target_find(&s->system, &s->target, err) || !target_check(&s->system, &s->target, err))
		return give_up(s, err);
	show(&s->target, "to be loaded at shutdown");
	return true;
}

static bool start(struct service *s, struct error *err)
{
	begin_anew(s);
	return start_again(s, err);
}

/* What there is to load may have changed, and nobody wishes anything else than before. */
static bool reload(struct service *s, struct error *err)
{
	return s->request.style == SERVICE_SYSTEMD ? load_again(s, err) : start_again(s, err);
}

/* The files by which others ask for one reboot through the firmware have been seen. */
static void forget_once(struct service *s)
{
	for (size_t i = 0; i < FOREIGN_SWITCHES; i++) {
		struct error err;

		if (!store_remove(foreign_switches[i].file, &err))
			notes_add(&s->system.notes, "%s", err.reason);
	}
}

/* When the machine goes down for a reboot: what the next one is was decided by all that was looked at. */
static bool stop_for_reboot(struct service *s, struct error *err)
{
	const struct next_reboot next = next_decide(&s->system, true);

	if (next.way == NEXT_LOAD)
		return load_now(s, err);
	leave_decision(s, &next);
	if (next_switched_off(&s->system)) {
		forget_once(s);
		return stay_off(s, err);
	}
	if (next.way == NEXT_JUMP) {
		say("a kernel is loaded already, and is kept\n");
		if (!leave_trial(s, err))
			return false;
	}
	return off_by(s) || has_settings(s, err);
}

static bool stop(struct service *s, struct error *err)
{
	const bool was_loaded = s->system.ability.loaded != ANSWER_NO;

	if (s->rebooting)
		return stop_for_reboot(s, err);
	if (!unload(s, err))
		return false;
	cold_wish_leave(was_loaded, &s->system.notes);
	return true;
}

static bool check(struct service *s, struct error *err)
{
	if (!target_find(&s->system, &s->target, err) || !load_job(s, NULL, err))
		return false;
	if (s->as_json)
		show_json(s, NULL, NULL);
	return true;
}

/* What comes of the settings now is said beside what is loaded, which may be something else. */
static void tell_target(struct service *s, const struct foretold *foretold)
{
	struct error not_found = { 0 };
	const bool is_off = off_by(s) || s->system.off.kind != OFF_NONE;
	const bool found = !is_off && target_find(&s->system, &s->target, &not_found);
	const char *why = is_off ? off_by(s) ? off_by(s) : s->system.off.what : not_found.reason;

	if (s->as_json)
		show_json(s, foretold, found ? NULL : why);
	else if (found && foretold->next.way != NEXT_LOAD)
		show(&s->target, "by its settings the service loads");
	else if (!found && !is_off && foretold->next.way != NEXT_FIRMWARE)
		notes_add(&s->system.notes, "what the service would load is not known: %s", why);
}

static bool status(struct service *s, struct error *err)
{
	const struct foretold foretold = foretell(&s->system);

	if (!s->as_json)
		foretold_show(&s->system, &foretold, &s->system.arena);
	tell_target(s, &foretold);
	if (s->as_json || (!off_by(s) && s->system.off.kind == OFF_NONE))
		return foretold_is_by_kexec(&foretold, err);
	return fail(err, FAULT_SWITCHED_OFF, "%s", off_by(s) ? off_by(s) : s->system.off.what);
}

static void tell_driver(const char *what)
{
	say("%s\n", what);
	message_flush();
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

/*
 * Where the init makes the jump by itself, as its last step. With a driver that cannot be unbound it must
 * not: then it finds nothing loaded, and goes through the firmware.
 */
static bool unbind_all(struct service *s, struct error *err)
{
	struct drivers drivers;
	struct error ignored;
	bool done;

	if (next_decide(&s->system, false).way != NEXT_JUMP)
		return true;
	done = drivers_unbind(&drivers_live, to_unbind(s), &drivers, err);
	for (size_t i = 0; i < drivers.notes.count; i++)
		tell_driver(drivers.notes.items[i]);
	drivers_forget(&drivers);
	if (done)
		return true;
	leave_record(s, REBOOT_BY_FIRMWARE, err->reason);
	if (!unload(s, &ignored))
		error_append(err, "; what is loaded cannot be unloaded: %s", ignored.reason);
	return false;
}

/* The last step of a shutdown: services are stopped, file systems read-only. */
static bool jump(struct service *s, struct error *err)
{
	static const char *const systemd[] = { "systemctl", "--force", "kexec", NULL };
	struct act_leave leave = { .sync = true, .network_down = true, .tell = tell_driver };
	const struct next_reboot next = next_decide(&s->system, false);

	/* Nothing is loaded: whoever asks goes on through the firmware. */
	if (s->system.off.kind == OFF_UNLOADED && s->only_check)
		return fail(err, FAULT_NOTHING_LOADED, "%s", next.reason);
	if (next_switched_off(&s->system)) {
		say("%s: this reboot goes through the firmware\n", next.reason);
		forget_once(s);
		return unload(s, err);
	}
	if (next.way != NEXT_JUMP)
		return fail(err, FAULT_NOTHING_LOADED, "no kernel is loaded");
	if (s->only_check)
		return true;
	if (s->request.style == SERVICE_SYSTEMD)
		return process_run(systemd, err);
	leave.unbind = to_unbind(s);
	if (act_jump(&kexec_live, leave, err))
		return true;
	/* Where it still can be: nothing is tried by a boot through the firmware. */
	come_back_take_back(s->system.source, &s->system.arena);
	return false;
}

/*
 * The first step of a shutdown: everything still runs. What is asked for once may be gone at its end, as a
 * staged deployment is, which is the boot loader's default by then.
 */
static bool leave(struct service *s, struct error *err)
{
	const struct next_reboot next = next_find(&s->system);

	confirm_is_left(&s->system);
	come_back_see(s->system.source, s->system.init.init, &s->system.arena, &s->system.notes);
	if (!s->rebooting)
		return true;
	/* A service that loads says itself what came of it. */
	if (next.way == NEXT_JUMP || next.way == NEXT_FIRMWARE)
		leave_decision(s, &next);
	if (s->system.off.kind == OFF_TOLD)
		return store_file(OFF_ONCE_FILE, s->system.off.what, err);
	return off_by(s) || leave_trial(s, err);
}

static bool confirm(struct service *s, struct error *err)
{
	return confirm_boot(&s->system, err);
}

static const struct {
	const char *name;
	bool (*run)(struct service *s, struct error *err);
	bool changes; /* what is loaded, so that it needs a turn */
	const char *attempt;
} actions[] = {
	{ "start", start, true, "start the boot service" },
	{ "stop", stop, true, "stop the boot service" },
	{ "load", load, true, "load for the boot service" },
	{ "reload", reload, true, "load for the boot service" },
	{ "check", check, false, "load for the boot service" },
	{ "status", status, false, "boot by kexec" },
	{ "unbind", unbind_all, true, "unbind drivers before the jump" },
	{ "jump", jump, true, "jump at the end of the shutdown" },
	{ "leave", leave, true, "write down what runs before a jump" },
	{ "confirm", confirm, false, "confirm this boot" },
};

enum { ACTIONS = sizeof actions / sizeof *actions };

static bool parse(int argc, char **argv, struct service *ret)
{
	static const struct option options[] = {
		{ "style", required_argument, NULL, 's' },
		{ "conf", required_argument, NULL, 'c' },
		{ "environment", no_argument, NULL, 'e' },
		{ "rebooting", no_argument, NULL, 'r' },
		{ "check", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 },
	};

	ret->request.style = SERVICE_SYSTEMD;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's' && service_style_by_name(optarg, &ret->request.style))
			continue;
		if (c == 'c')
			ret->request.file = optarg;
		else if (c == 'e')
			ret->request.environment = (const char *const *)environ;
		else if (c == 'r')
			ret->rebooting = true;
		else if (c == 'n')
			ret->only_check = true;
		else if (c == 'j')
			ret->as_json = true;
		else
			return false;
	}
	return optind + 1 == argc &&
		(!ret->as_json || strcmp(argv[optind], "check") == 0 ||
			strcmp(argv[optind], "status") == 0);
}

static bool run(struct service *s, const char *name, struct error *err)
{
	struct system_options options = { .service = &s->request };

	for (size_t i = 0; i < ACTIONS; i++) {
		bool done;

		if (strcmp(actions[i].name, name) != 0)
			continue;
		options.to_change = actions[i].changes;
		done = system_look(&options, &s->system, err) && actions[i].run(s, err);
		message_flush();
		message_notes(&s->system.notes);
		system_free(&s->system);
		return done || error_attempting(err, "%s", actions[i].attempt);
	}
	return fail(err, FAULT_USAGE, "saut service has no action \"%s\"", name);
}

bool verb_service(int argc, char **argv, struct error *err)
{
	struct service service = { 0 };

	/* The log is read by programs, and perhaps by others than who set the system's language. */
	setenv("LC_ALL", "C", true);
	if (!parse(argc, argv, &service))
		fail(err, FAULT_USAGE,
			"service takes start, stop, load, reload, check, status, unbind, jump, leave or confirm, with "
			"--style=STYLE, "
			"--conf=FILE, --environment, --rebooting and --check; check and status take --json");
	else if (run(&service, argv[optind], err))
		return true;
	return error_attempting(err, "see to the boot service");
}
