/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut confirm and saut forgive, and the boot service that confirms by itself. */
#include "cmd/saut/confirm.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/saut/look-options.h"
#include "cmd/saut/trials.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "service/boot-wait.h"
#include "sys/process.h"
#include "sys/restart.h"
#include "sys/store.h"
#include "sys/sysctl.h"
#include "sys/clock.h"
#include "system/confirmation.h"
#include "system/one-shot.h"
#include "system/record.h"
#include "system/reboot.h"
#include "system/report.h"
#include "system/trial-file.h"
#include "system/trial-panic.h"
#include "system/trial-watchdog.h"

/* From asking the init for a reboot until the machine is reset without it. */
enum { INIT_PATIENCE_S = TRIAL_WATCHDOG_LEAVE_S };

/* No boot takes longer. */
enum { BOOT_MOST_S = 3600 };

/* systemd has what we print in its journal; others' boot scripts print it to a console alone. */
static void log_too(int priority, const char *what, const char *reason)
{
	if (getenv("JOURNAL_STREAM"))
		return;
	openlog("saut", LOG_CONS, LOG_DAEMON);
	say_to_log(priority, "%s: %s", what, reason);
}

/* Through the firmware, by the init; and where that does not end it, without. */
static bool go_back(struct system *s, struct error *err)
{
	struct reboot_decision decision;
	struct turn turn;
	bool asked = turn_take(&turn, TURN_WAIT_MS, err);

	if (asked) {
		asked = reboot_decide(
				s, (struct reboot_wish){ .firmware = true }, &decision, err) &&
			reboot_through_firmware(s, err);
		turn_end(&turn);
	}
	asked = asked && process_run(decision.argv, err);
	message_flush();
	if (asked)
		clock_wait_ms(INIT_PATIENCE_S * 1000);
	else
		message_note("%s", err->reason);
	restart_now();
	return false;
}

static bool refuse(
	struct system *s, struct trial_watchdog *watchdog, const char *reason, struct error *err)
{
	struct error unsaid;

	log_too(LOG_ERR, "this boot is refused, and the machine reboots through the firmware",
		reason);
	if (!confirmation_say(&s->trial, TRIAL_REFUSED, reason, &unsaid))
		message_note("the next boot will not know why: %s", unsaid.reason);
	trial_watchdog_leave(watchdog);
	return go_back(s, err);
}

static bool accept(struct system *s, const char *reason, struct error *err)
{
	struct error unsaid;

	/* While it is known for ours. */
	if (!one_shot_take_back(&s->trial, &unsaid))
		message_note("the boot loader is still told to boot the old kernel once: %s",
			unsaid.reason);
	if (!confirmation_say(&s->trial, TRIAL_CONFIRMED, reason, err))
		return false;
	if (!trial_panic_restore(&s->trial, &unsaid))
		message_note(
			"a panic still resets the machine after some seconds: %s", unsaid.reason);
	log_too(LOG_INFO, "this boot is confirmed", reason);
	return true;
}

/* Of the JSON. */
enum { SCHEMA = 1 };

/* For programs: what is said of the trial from now on. */
static void show_json(const char *said, const char *kernel)
{
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_string(&j, "said", said);
	json_known(&j, "kernel", kernel);
	json_end(&j);
}

static void show_refused(const char *reason)
{
	say("this boot is refused, and the machine reboots through the firmware: %s\n", reason);
}

static void show_accepted(const char *reason)
{
	say("this boot is confirmed after %llu s: %s\n", (unsigned long long)uptime_awake(),
		reason);
}

static void tell_watchdog(const struct system *s, const struct trial_watchdog *w)
{
	if (!w->device)
		return;
	if (w->is_others)
		say("the watchdog (%s) is open already, and left to who keeps it\n",
			s->trial.watchdog);
	else
		say("the watchdog (%s) is kept until this boot is confirmed or refused%s\n",
			s->trial.watchdog,
			w->cannot_stop ? ", and from then on, since it cannot be stopped (nowayout)"
				       : "");
	message_flush();
}

static bool end_watchdog(struct trial_watchdog *watchdog, bool may_stay, struct error *err)
{
	message_flush();
	return trial_watchdog_end(watchdog, may_stay, err);
}

static bool forgive(const struct trial *t, const char *file, const char *reason, struct error *err)
{
	struct trial forgiven = *t;

	forgiven.state = TRIAL_FORGIVEN;
	forgiven.reason = reason;
	return trial_store(file, &forgiven, err);
}

/*
 * The first boot after a jump that was not heard of. A jump leads into what was loaded, so that a kernel
 * that came by kexec and has another trial's mark, or none, was loaded by somebody else in place of the
 * one on trial; this is said now, since later boots may have come by kexec from elsewhere.
 */
static bool settle(struct system *s, struct error *err)
{
	struct error unsaid;

	if (!s->has_trial || s->outcome != OUTCOME_SILENT || s->trial.state != TRIAL_LEFT)
		return true;
	if (!one_shot_take_back(&s->trial, &unsaid))
		message_note("the boot loader is still told to boot the old kernel once: %s",
			unsaid.reason);
	if (s->arrival.by_kexec == ANSWER_YES) {
		s->trial.state = TRIAL_FORGIVEN;
		s->trial.reason = "another kernel was loaded in its place";
		s->outcome = OUTCOME_FORGIVEN;
	} else {
		s->trial.state = TRIAL_SILENT;
	}
	return trial_store(TRIAL_FILE, &s->trial, err);
}

static bool tell_last(struct system *s, struct error *err)
{
	static const char reason[] = "it came up through the firmware";

	if (!settle(s, err))
		return false;
	trials_show(s);
	if (s->has_trial && trial_has_failed(s->outcome))
		log_too(LOG_WARNING, "the last jump was no success", "see saut status");
	return !(s->has_trial && s->outcome == OUTCOME_REDEEMED) ||
		forgive(&s->trial, TRIAL_FILE, reason, err);
}

static bool forget_failed(struct system *s, struct error *err)
{
	return !(s->has_failed && s->failed_outcome == OUTCOME_REDEEMED) ||
		store_remove(TRIAL_FAILED_FILE, err);
}

/* Somebody else has said what is to become of this boot; so is it done with the watchdog. */
static bool obey(struct system *s, struct trial_watchdog *watchdog, struct error *err)
{
	say("somebody else has said what is to become of this boot\n");
	if (confirmation_said(&s->trial) != REFUSED)
		return end_watchdog(watchdog, true, err);
	trial_watchdog_leave(watchdog);
	return true;
}

static bool wait_and_say(struct system *s, struct trial_watchdog *watchdog, struct error *err)
{
	const char *reason;
	bool accepted;

	switch (confirmation_wait(&s->trial, s->init.init, &s->arena, &reason)) {
	case CONFIRMED:
		accepted = accept(s, reason, err);
		if (accepted)
			show_accepted(reason);
		return end_watchdog(watchdog, true, err) && accepted;
	case REFUSED:
		show_refused(reason);
		return refuse(s, watchdog, reason, err);
	case CONFIRMATION_IS_OVER:
	case CONFIRMATION_WAITS:
		break;
	}
	return obey(s, watchdog, err);
}

/*
 * How long this boot took until here, for the next trial's watchdog: once, and not by who is only started
 * later on.
 */
static void measure_boot(struct system *s)
{
	struct boot_time now = { .seconds = uptime_awake(), .boot_id = s->now.boot_id };
	struct boot_time last;
	bool has_last = boot_time_read(s->source, &s->arena, &last);
	struct error unsaid;
	const char *text;

	if (!now.boot_id[0] || now.seconds > BOOT_MOST_S ||
		(has_last && strcmp(last.boot_id, now.boot_id) == 0))
		return;
	now.before = has_last ? last.boot_id : "";
	now.stamp = record_stamp();
	text = boot_time_text(&now, &s->arena);
	if (!text || !store_file(BOOT_TIME_FILE, text, &unsaid))
		message_note("how long this boot took is not known later: %s",
			text ? unsaid.reason : "out of memory");
	report_keep(s->source, &now, &s->notes);
}

bool confirm_boot(struct system *s, struct error *err)
{
	struct trial_watchdog watchdog;
	struct error unsaid;

	measure_boot(s);

	if (s->trials_unknown)
		message_note("what this boot is held against is not known: %s", s->trials_unknown);
	else if (s->now.id[0] && !s->has_trial)
		say("this boot was jumped into on trial, and what was written down before is not "
		    "there: it is held against nothing\n");
	if (!s->has_trial || s->outcome != OUTCOME_WAITING)
		return tell_last(s, err) && forget_failed(s, err);
	if (s->trial.confirm == CONFIRM_NOBODY)
		return true;
	/* Where this cannot be written, neither could the end of it be. */
	if (!confirmation_say(&s->trial, TRIAL_UP, "", &unsaid))
		message_note("%s", unsaid.reason);
	/* Where memory is short, whoever waits for this boot, and keeps its watchdog, is not what is to go. */
	(void)!sysctl_set("/proc/self/oom_score_adj", "-900", &unsaid);
	if (!trial_watchdog_take(&s->trial, &s->arena, &watchdog, err)) {
		show_refused(err->reason);
		return refuse(s, &watchdog, err->reason, err);
	}
	tell_watchdog(s, &watchdog);
	return wait_and_say(s, &watchdog, err);
}

/* The boot service has it open, if it runs; else it is ended here. */
static bool accept_by_hand(struct system *s, const char *reason, struct error *err)
{
	struct trial_watchdog watchdog;

	return accept(s, reason, err) &&
		trial_watchdog_take(&s->trial, &s->arena, &watchdog, err) &&
		end_watchdog(&watchdog, false, err);
}

void confirm_is_left(struct system *s)
{
	static const char reason[] = "the machine went down, or its boot service was stopped, in "
				     "order before it was confirmed";
	struct error unsaid;

	if (!s->has_trial || s->outcome != OUTCOME_WAITING)
		return;
	if (!one_shot_take_back(&s->trial, &unsaid) ||
		!confirmation_say(&s->trial, TRIAL_FORGIVEN, reason, &unsaid))
		notes_add(&s->notes, "this boot will count as one that failed: %s", unsaid.reason);
}

static bool by_hand(struct system *s, bool refuses, bool as_json, struct error *err)
{
	static const char *const reasons[] = { "saut confirm", "saut confirm --refuse" };
	struct trial_watchdog none = { 0 };

	if (!s->has_trial || s->outcome != OUTCOME_WAITING)
		return fail(err, FAULT_NO_TRIAL,
			"this boot is not on trial, or was confirmed or refused already");
	if (refuses) {
		if (as_json)
			show_json("refused", s->trial.kernel);
		else
			show_refused(reasons[1]);
		return refuse(s, &none, reasons[1], err);
	}
	if (!accept_by_hand(s, reasons[0], err))
		return false;
	if (as_json)
		show_json("confirmed", s->trial.kernel);
	else
		show_accepted(reasons[0]);
	return true;
}

static bool forgive_all(struct system *s, struct error *err)
{
	static const char reason[] = "saut forgive";

	/* What cannot be read cannot be changed either, but forgotten. */
	if (s->trials_unknown)
		return store_remove(TRIAL_FILE, err) && store_remove(TRIAL_FAILED_FILE, err);
	if (!(s->has_trial && trial_has_failed(s->outcome)) &&
		!(s->has_failed && trial_has_failed(s->failed_outcome)))
		return fail(err, FAULT_NO_TRIAL, "no jump has failed that was not forgiven");
	if (s->has_trial && trial_has_failed(s->outcome) &&
		!forgive(&s->trial, TRIAL_FILE, reason, err))
		return false;
	return store_remove(TRIAL_FAILED_FILE, err);
}

bool verb_confirm(int argc, char **argv, struct error *err)
{
	static const struct option options[] = { { "refuse", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' }, { 0 } };
	const struct system_options look = { .leave_unmounted = true };
	bool refuses = false, as_json = false, understood = true;
	struct system system;
	bool done;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		refuses |= c == 'r';
		as_json |= c == 'j';
		understood &= c == 'r' || c == 'j';
	}
	if (!understood || optind != argc)
		return fail(err, FAULT_USAGE, "confirm takes --refuse and --json") ||
			error_attempting(err, "confirm this boot");
	done = system_look(&look, &system, err) && by_hand(&system, refuses, as_json, err);
	message_notes(&system.notes);
	system_free(&system);
	return done || error_attempting(err, refuses ? "refuse this boot" : "confirm this boot");
}

bool verb_forgive(int argc, char **argv, struct error *err)
{
	const struct system_options look = { .leave_unmounted = true, .to_change = true };
	struct system system;
	bool as_json, done;

	if (!json_option_read(argc, argv, &as_json))
		return fail(err, FAULT_USAGE, "forgive takes --json alone") ||
			error_attempting(err, "forgive the last jump");
	done = system_look(&look, &system, err) && forgive_all(&system, err);
	if (done && as_json)
		show_json("forgiven",
			system.has_trial && trial_has_failed(system.outcome) ? system.trial.kernel
				: system.has_failed                          ? system.failed.kernel
									     : NULL);
	message_notes(&system.notes);
	system_free(&system);
	return done || error_attempting(err, "forgive the last jump");
}
