/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * saut reboot: choose, load, ask the running init. Nothing is stopped before the kernel is
 * loaded, and we have ended before anything is stopped: who called us, perhaps over the network,
 * gets its answer.
 */
#include <stdio.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/saut/load.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "sys/guard.h"
#include "system/delay.h"
#include "system/kept.h"

/* Time for our exit code to reach a caller at the other end of a connection. */
enum { GRACE_S = 1 };

static const char *const ways[] = {
	[REBOOT_BY_FIRMWARE] = "through the firmware",
	[REBOOT_BY_KEXEC] = "by kexec",
};

/* Of the JSON. */
enum { SCHEMA = 1 };

/* What is asked for, and what comes of it. */
struct rebooting {
	struct system *system;
	const struct choice *choice;
	struct reboot_decision decision;
	unsigned seconds;
	struct load_report loaded;
};

static void show_json(const struct rebooting *r)
{
	const struct reboot_decision *d = &r->decision;
	const bool is_by_kexec = d->way == REBOOT_BY_KEXEC;
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_bool(&j, "dry_run", r->choice->dry_run);
	json_bool(&j, "cancelled", false);
	json_bool(&j, "by_kexec", is_by_kexec);
	json_string(&j, "reason", is_by_kexec ? NULL : d->reason);
	json_number(&j, "seconds", r->seconds);
	json_strings(&j, "command", d->argv);
	json_bool(&j, "keeps_loaded", d->keeps_loaded);
	load_report_show(&r->loaded, &j);
	json_end(&j);
}

static void show_cancelled(void)
{
	static const char *const none[] = { "by_kexec", "reason", "seconds", "command",
		"keeps_loaded", "loaded" };
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_bool(&j, "dry_run", false);
	json_bool(&j, "cancelled", true);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		json_null(&j, none[i]);
	json_end(&j);
}

static void show(const struct rebooting *r)
{
	say("%s %s in %u s:", r->choice->dry_run ? "would reboot" : "rebooting",
		ways[r->decision.way], r->seconds);
	for (size_t i = 0; r->decision.argv[i]; i++)
		say(" %s", r->decision.argv[i]);
	say("\n");
}

static bool ask_init(struct rebooting *r, struct error *err)
{
	r->seconds = r->choice->delay > GRACE_S ? r->choice->delay : GRACE_S;
	message_flush();
	if (!r->choice->dry_run && !delay_reboot(r->system, &r->decision, r->seconds, err))
		return false;
	if (r->choice->as_json)
		show_json(r);
	else
		show(r);
	return true;
}

/* The command line wins over the settings. */
static struct come_back_settings trial_of(struct system *system, const struct choice *choice)
{
	struct come_back_settings s = come_back_settings(system);

	if (choice->within || choice->has_confirm)
		s.is_on = s.is_asked = true;
	if (choice->within)
		s.within = choice->within;
	if (choice->has_confirm)
		s.is_manual = choice->confirm_is_manual;
	if (choice->no_come_back)
		s.is_on = false;
	return s;
}

/* Nothing is stopped yet: who keeps something in memory can still have it handed over. */
static bool may_keep_loaded(struct rebooting *r, struct error *err)
{
	struct system *s = r->system;

	if (kept_permits(s->source, &s->loaded, false, &s->notes, err))
		return true;
	/* Only kexec -e takes that for an answer. */
	err->closed[WAY_LOAD] = true;
	return false;
}

static bool prepare(struct rebooting *r, struct error *err)
{
	const struct reboot_decision *decision = &r->decision;
	const struct choice *choice = r->choice;

	if (decision->off)
		message_note("%s: this reboot goes through the firmware; to change that, %s",
			decision->off->what, decision->off->undo);
	if (decision->way == REBOOT_BY_FIRMWARE)
		return choice->dry_run || reboot_through_firmware(r->system, err);
	if (!decision->keeps_loaded) {
		const struct come_back_settings trial = trial_of(r->system, choice);

		return load_choice(r->system, choice, &trial, &r->loaded, err);
	}
	if (!may_keep_loaded(r, err))
		return false;
	if (!choice->as_json)
		say("a kernel is loaded already, and is kept\n");
	return true;
}

static bool go_so(struct system *system, const struct choice *choice, struct reboot_wish wish,
	struct error *err)
{
	struct rebooting r = { .system = system, .choice = choice };

	return reboot_decide(system, wish, &r.decision, err) && prepare(&r, err) &&
		ask_init(&r, err);
}

static bool go(struct system *system, const struct choice *choice, struct error *err)
{
	struct reboot_wish wish = { .firmware = choice->firmware,
		.is_entry_given = choice->is_given };
	const char *reason, *step;

	if (go_so(system, choice, wish, err))
		return true;
	/* The firmware would boot what it likes, and not what was asked for. */
	if ((err->fault != FAULT_CHECK && err->fault != FAULT_FAILED_BEFORE) || choice->is_given)
		return false;
	step = err->fault == FAULT_CHECK
		? "saut check tells what to do; --no-checks reboots by kexec all the same"
		: "saut status tells how, and saut forgive lets it be jumped into again";
	reason = arena_string(&system->arena, view_of_string(err->reason));
	if (!reason)
		return false;
	message_note("%s: this reboot goes through the firmware; %s", reason, step);
	*err = (struct error){ 0 };
	wish.unfit = reason;
	return go_so(system, choice, wish, err);
}

static bool cancel(struct system *system, bool as_json, struct error *err)
{
	if (!delay_cancel(system, err))
		return false;
	if (as_json) {
		show_cancelled();
		return true;
	}
	say("the reboot is cancelled\n");
	if (system->ability.loaded == ANSWER_YES)
		say("a kernel is loaded: saut unload forgets it\n");
	return true;
}

static bool act(struct system *system, const struct choice *choice, struct error *err)
{
	if (choice->begin)
		return delay_begin(system, choice->begin, err);
	return choice->cancel ? cancel(system, choice->as_json, err) : go(system, choice, err);
}

/* Who takes one back, or shows what would be, is not asked; nor is the unit in which one begins. */
static bool may_reboot(const struct choice *choice, struct error *err)
{
	return choice->dry_run || choice->cancel || choice->begin || guard_ask("", err);
}

static bool reboot(const struct choice *choice, struct error *err)
{
	const struct system_options options = {
		.leave_unmounted =
			choice->no_mount || choice->cancel || choice->begin || choice->firmware,
		.to_change = !choice->dry_run,
	};
	struct system system;
	bool looked = system_look(&options, &system, err);
	bool done;

	message_notes(&system.notes);
	system.notes = (struct notes){ .arena = &system.arena };
	done = looked && act(&system, choice, err);
	message_notes(&system.notes);
	system_free(&system);
	return done;
}

bool verb_reboot(int argc, char **argv, struct error *err)
{
	struct choice choice;

	if (!choice_read(argc, argv, CHOICE_REBOOT, &choice, err))
		return error_attempting(err, "reboot the machine");
	if (choice.firmware && choice.is_given)
		fail(err, FAULT_USAGE,
			"--firmware does not go with a kernel: the boot loader chooses then");
	else if ((choice.cancel || choice.begin) && argc > 2 + (choice.as_json ? 1 : 0))
		fail(err, FAULT_USAGE, "--cancel goes with --json alone");
	else if (may_reboot(&choice, err) && reboot(&choice, err))
		return true;
	return error_attempting(err, "reboot the machine");
}
