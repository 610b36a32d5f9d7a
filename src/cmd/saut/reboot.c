/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * saut reboot: choose, load, hand over to the running init. Nothing is stopped before the kernel is
 * loaded, and we have ended before anything is stopped: who called us, perhaps over the network,
 * gets its answer.
 */
#include <stdio.h>

#include "cmd/message.h"
#include "cmd/saut/load.h"
#include "system/record.h"
#include "system/situation.h"
#include "cmd/saut/verb.h"
#include "jump/act.h"
#include "service/hand-over.h"
#include "sys/process.h"
#include "sys/store.h"

/* Time for our exit code to reach a caller at the other end of a connection. */
enum { GRACE_S = 1 };

struct going {
	const struct choice *choice;
	struct situation now;
	const struct hand_over *init;
};

static bool look(struct going *g, struct error *err)
{
	const struct situation *now = &g->now;

	g->init = hand_over_for(now->init.init);
	if (now->ability.may_boot == ANSWER_NO)
		return fail(err, FAULT_NO_CAPABILITY, "this user may not");
	if (!g->init)
		return fail(err, FAULT_UNKNOWN_INIT,
			"process 1 is %s, and that is no init that can be asked for a reboot",
			now->init.name[0] ? now->init.name : "unknown");
	if (!process_exists(g->init->by_kexec[0]))
		return fail(err, FAULT_NO_PROGRAM, "%s is asked by %s, and there is no such program",
			g->init->name, g->init->by_kexec[0]);
	return true;
}

static void leave_record(
	const struct going *g, enum reboot_way way, const char *kernel, const char *reason)
{
	struct error err;

	if (!g->choice->dry_run && !save_record(way, kernel, reason, &err))
		message_note("the next boot will not know of this one: %s", err.reason);
}

static bool hand_over(
	const struct going *g, const char *way, const char *const *words, struct error *err)
{
	unsigned seconds = g->choice->delay > GRACE_S ? g->choice->delay : GRACE_S;

	printf("%s %s in %u s:", g->choice->dry_run ? "would reboot" : "rebooting", way, seconds);
	for (size_t i = 0; words[i]; i++)
		printf(" %s", words[i]);
	putchar('\n');
	fflush(stdout);
	return g->choice->dry_run || process_run_later(words, seconds, err);
}

/* Whoever would load during the shutdown is told not to, in the way that it knows. */
static bool keep_others_from_loading(struct going *g, struct error *err)
{
	if (!store_file(OFF_ONCE_FILE, "saut reboot\n", err))
		return false;
	for (size_t i = 0; i < FOREIGN_SWITCHES; i++) {
		const struct foreign_switch *f = &foreign_switches[i];
		bool used = foreign_switch_is_used(f, &g->now.snapshot.source, &g->now.arena);

		if (!(used ? store_file(f->file, "", err) : store_remove(f->file, err)))
			return false;
	}
	return true;
}

static bool by_firmware(struct going *g, const char *reason, struct error *err)
{
	if (!g->choice->dry_run) {
		if (!keep_others_from_loading(g, err))
			return false;
		if (g->now.ability.loaded != ANSWER_NO && !act_unload(&kexec_live, false, err))
			return false;
	}
	leave_record(g, REBOOT_BY_FIRMWARE, NULL, reason);
	return hand_over(g, "through the firmware", g->init->by_firmware, err);
}

static bool by_kexec(struct going *g, struct error *err)
{
	const char *kernel = NULL;

	if (g->init->hook && !g->now.init.jumper)
		return fail(err, FAULT_NO_HOOK, "%s jumps into a loaded kernel only by %s, which is not there",
			g->init->name, g->init->hook);
	if (!g->choice->is_given && g->now.ability.loaded == ANSWER_YES)
		puts("a kernel is loaded already, and is kept");
	else if (!load_choice(g->choice, &g->now.arena, &kernel, err))
		return false;
	leave_record(g, REBOOT_BY_KEXEC, kernel, "saut reboot");
	return hand_over(g, "by kexec", g->init->by_kexec, err);
}

static bool go(struct going *g, struct error *err)
{
	const struct off_switch *off = &g->now.off;

	if (!look(g, err))
		return false;
	if (g->choice->firmware)
		return by_firmware(g, "saut reboot --firmware", err);
	if (off->kind == OFF_NONE)
		return by_kexec(g, err);
	/* The firmware would boot what it likes, and not what was asked for. */
	if (g->choice->is_given)
		return fail(err, FAULT_SWITCHED_OFF, "%s", off->what);
	message_note("%s: this reboot goes through the firmware; to change that, %s", off->what,
		off->undo);
	return by_firmware(g, off->what, err);
}

static bool reboot(const struct choice *choice, struct error *err)
{
	struct going g = { .choice = choice };
	bool done;

	if (!situation_look(&g.now, err))
		return false;
	done = go(&g, err);
	situation_free(&g.now);
	return done;
}

bool verb_reboot(int argc, char **argv, struct error *err)
{
	struct choice choice;

	if (!choice_read(argc, argv, &choice) || (choice.firmware && choice.is_given))
		fail(err, FAULT_USAGE,
			"reboot takes --delay=SECONDS, --dry-run, --no-mount, and one of --entry=NAME, "
			"--running, --newest and --firmware");
	else if (reboot(&choice, err))
		return true;
	return error_attempting(err, "reboot");
}
