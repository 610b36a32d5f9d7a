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

#include "cmd/message.h"
#include "system/record.h"
#include "system/target.h"
#include "cmd/saut/verb.h"
#include "jump/act.h"
#include "service/off-switch.h"
#include "sys/process.h"
#include "sys/store.h"

/* There while what is loaded was loaded by the service, which may load something else instead. */
#define LOADED_FILE "/run/saut-service"

struct service {
	struct service_request request;
	bool rebooting;  /* stop: since the machine goes down for a reboot, not by hand */
	bool only_check; /* jump: say whether, and do not */
	struct snapshot snapshot;
	struct arena arena;
	struct kexec_ability ability;
	struct off_switch off;
	struct service_target target;
};

static bool look(struct service *s, struct error *err)
{
	const struct source *source = &s->snapshot.source;

	if (!snapshot_open(NULL, &s->snapshot, err))
		return false;
	s->ability = machine_kexec_ability(source, &s->arena);
	s->off = off_switch_find(source, &s->arena, &s->ability);
	return service_target_read(&s->target, source, &s->request, err);
}

static void end(struct service *s)
{
	message_notes(&s->target.notes);
	service_target_free(&s->target);
	snapshot_close(&s->snapshot);
	arena_free(&s->arena);
}

/* A record that cannot be left must not keep the machine from rebooting. */
static void leave_record(enum reboot_way way, const char *kernel, const char *reason)
{
	struct error err;

	if (!save_record(way, kernel, reason, &err))
		message_note("the next boot will not know of this one: %s", err.reason);
}

static bool unload(const struct service *s, struct error *err)
{
	struct error ignored;

	(void)!store_remove(LOADED_FILE, &ignored);
	return s->ability.loaded != ANSWER_YES || act_unload(&kexec_live, false, err);
}

static bool switched_off(const struct service *s)
{
	return s->off.kind == OFF_ALWAYS || s->off.kind == OFF_ONCE;
}

/* What switches the service off: a switch of all, or a setting of this one. NULL: nothing. */
static const char *off_by(const struct service *s)
{
	return switched_off(s) ? s->off.what : s->target.settings.off_by;
}

static bool stay_off(const struct service *s, struct error *err)
{
	printf("%s: reboots go through the firmware\n", off_by(s));
	return unload(s, err);
}

static void show(const struct service_target *t, const char *what)
{
	printf("%s: %s, by %s\n", what, t->title, t->choice.why);
	printf("    kernel   %s\n", t->kernel);
	for (size_t i = 0; i < t->job.initrd_count; i++)
		printf("    initrd   %s\n", t->job.initrds[i]);
	printf("    options  %s\n", t->job.command_line ? t->job.command_line : "its own");
}

static bool load_job(struct service_target *t, bool dry_run, struct error *err)
{
	struct job job;
	bool done;

	for (size_t i = 0; i < t->options.remark_count; i++)
		notes_add(&t->notes, "--%s has no effect: %s", t->options.remarks[i].name,
			t->options.remarks[i].why);
	done = job_prepare(&job, &t->job, err) && (dry_run || job_load(&job, &kexec_live, err));
	if (done)
		show(t, dry_run ? "would load" : "loaded");
	message_notes(&job.notes);
	message_notes(&job.plan.notes);
	job_free(&job);
	return done;
}

/* In the log, and to the next boot. */
static void tell(const struct service *s, const struct error *err)
{
	leave_record(REBOOT_BY_FIRMWARE, s->target.kernel, err->reason);
	if (!getenv("JOURNAL_STREAM")) {
		openlog("saut", LOG_CONS, LOG_DAEMON);
		syslog(LOG_ERR, "no kernel is loaded, the reboot goes through the firmware: %s",
			err->reason);
	}
}

/* A kernel that was loaded before may be gone by now: better none. */
static bool give_up(struct service *s, struct error *err)
{
	struct error ignored;

	tell(s, err);
	if (!unload(s, &ignored))
		message_note("%s", ignored.reason);
	return false;
}

static void leave_mark(struct service *s)
{
	const char *text = arena_printf(&s->arena, "%s\n", s->target.kernel);
	struct error err;

	if (!text || !store_file(LOADED_FILE, text, &err))
		message_note("what is loaded will be kept, whatever the settings say later");
}

static bool load_now(struct service *s, struct error *err)
{
	if (!service_target_find(&s->target, err) || !load_job(&s->target, false, err))
		return give_up(s, err);
	leave_mark(s);
	leave_record(REBOOT_BY_KEXEC, s->target.kernel, "the boot service");
	return true;
}

static bool load(struct service *s, struct error *err)
{
	return off_by(s) ? stay_off(s, err) : load_now(s, err);
}

static bool start(struct service *s, struct error *err)
{
	if (off_by(s))
		return stay_off(s, err);
	if (!service_loads_at_shutdown(&s->target.settings))
		return load_now(s, err);
	if (!service_target_find(&s->target, err) || !service_target_check(&s->target, err))
		return give_up(s, err);
	show(&s->target, "to be loaded at shutdown");
	return true;
}

/* The files by which others ask for one reboot through the firmware have been seen. */
static void forget_once(void)
{
	for (size_t i = 0; i < FOREIGN_SWITCHES; i++) {
		struct error err;

		if (!store_remove(foreign_switches[i].file, &err))
			message_note("%s", err.reason);
	}
}

/* By hand, or by `saut reboot`: then somebody wants this very kernel. */
static bool was_loaded_by_others(struct service *s)
{
	const struct source *source = &s->snapshot.source;
	struct view ignored;

	return !source_read(source, &LOADED_FILE[1], &s->arena, &ignored);
}

static bool stop(struct service *s, struct error *err)
{
	bool at_shutdown = service_loads_at_shutdown(&s->target.settings) && !off_by(s);

	if (!s->rebooting)
		return unload(s, err);
	if (switched_off(s)) {
		leave_record(REBOOT_BY_FIRMWARE, NULL, off_by(s));
		forget_once();
		return stay_off(s, err);
	}
	if (s->ability.loaded == ANSWER_YES && (!at_shutdown || was_loaded_by_others(s))) {
		puts("a kernel is loaded already, and is kept");
		return true;
	}
	/* A service that is not to load has nothing against what somebody else loaded. */
	if (off_by(s)) {
		leave_record(REBOOT_BY_FIRMWARE, NULL, off_by(s));
		return true;
	}
	if (at_shutdown)
		return load_now(s, err);
	leave_record(REBOOT_BY_FIRMWARE, NULL, "the kernel was unloaded");
	return true;
}

static bool check(struct service *s, struct error *err)
{
	return service_target_find(&s->target, err) && load_job(&s->target, true, err);
}

static bool status(struct service *s, struct error *err)
{
	bool loaded = s->ability.loaded == ANSWER_YES;

	if (off_by(s))
		return fail(err, FAULT_SWITCHED_OFF, "%s", off_by(s));
	if (s->off.kind != OFF_NONE)
		return fail(err, FAULT_SWITCHED_OFF, "%s", s->off.what);
	if (!service_target_find(&s->target, err) || !service_target_check(&s->target, err))
		return false;
	show(&s->target, loaded ? "the service loads" : "to be loaded");
	printf("    loaded   %s\n",
		loaded ? "a kernel is, and the next reboot jumps into it"
			: service_loads_at_shutdown(&s->target.settings)
			? "not yet: at shutdown"
			: "no: the next reboot goes through the firmware");
	return true;
}

/* The last step of a shutdown: services are stopped, file systems read-only. */
static bool jump(struct service *s, struct error *err)
{
	static const char *const systemd[] = { "systemctl", "--force", "kexec", NULL };

	if (switched_off(s)) {
		printf("%s: this reboot goes through the firmware\n", s->off.what);
		forget_once();
		return unload(s, err);
	}
	if (s->ability.loaded != ANSWER_YES)
		return fail(err, FAULT_NOTHING_LOADED, "no kernel is loaded");
	if (s->only_check)
		return true;
	if (s->request.style == SERVICE_SYSTEMD)
		return process_run(systemd, err);
	return act_jump(&kexec_live, (struct act_leave){ true, true }, err);
}

static const struct {
	const char *name;
	bool (*run)(struct service *s, struct error *err);
	bool decides; /* how the next reboot goes */
	const char *attempt;
} actions[] = {
	{ "start", start, true, "start the boot service" },
	{ "stop", stop, true, "stop the boot service" },
	{ "load", load, true, "load for the boot service" },
	{ "check", check, false, "load for the boot service" },
	{ "status", status, false, "boot by kexec" },
	{ "jump", jump, false, "jump at the end of the shutdown" },
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
		else
			return false;
	}
	return optind + 1 == argc;
}

static bool run(struct service *s, const char *name, struct error *err)
{
	for (size_t i = 0; i < ACTIONS; i++) {
		bool done;

		if (strcmp(actions[i].name, name) != 0)
			continue;
		done = look(s, err);
		/* Settings that cannot be used; what was loaded before stays, and is jumped into. */
		if (!done && actions[i].decides && s->ability.loaded != ANSWER_YES)
			tell(s, err);
		done = done && actions[i].run(s, err);
		end(s);
		return done || error_attempting(err, "%s", actions[i].attempt);
	}
	return fail(err, FAULT_USAGE, "service knows no \"%s\"", name);
}

bool verb_service(int argc, char **argv, struct error *err)
{
	struct service service = { .snapshot.root_fd = -1, .target.snapshot.root_fd = -1 };

	/* getopt is used for KEXEC_OPT_ARGS as well: our word is taken before. */
	if (!parse(argc, argv, &service))
		fail(err, FAULT_USAGE,
			"service takes start, stop, load, check, status or jump, with "
			"--style=STYLE, "
			"--conf=FILE, --environment, --rebooting and --check");
	else if (run(&service, argv[argc - 1], err))
		return true;
	return error_attempting(err, "see to the boot service");
}
