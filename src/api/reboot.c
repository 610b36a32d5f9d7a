/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reboot in order, of the public API: what is decided is system/reboot.h's. */
#include "api/object.h"
#include "system/delay.h"

static bool decide(const struct system *system, struct reboot_decision *ret, struct error *err)
{
	/* Another kernel than the loaded one, be it the firmware's, is none that was asked for. */
	const struct reboot_wish wish = { .is_entry_given = true };

	if (!reboot_decide(system, wish, ret, err))
		return false;
	return system->ability.loaded == ANSWER_YES ||
		fail(err, FAULT_NOTHING_LOADED, "%s",
			system->ability.loaded == ANSWER_NO
				? "no kernel is loaded"
				: "it is not known whether a kernel is loaded");
}

static bool reboot(struct saut *saut, unsigned seconds)
{
	const struct system_options options = { .leave_unmounted = !saut->may_mount,
		.to_change = true };
	struct error *err = &saut->error;
	struct reboot_decision decision;
	struct system system;
	bool done;

	if (saut->given.wanted.root)
		return fail(err, FAULT_USAGE, "another machine's folder cannot be rebooted");
	done = system_look(&options, &system, err) && decide(&system, &decision, err);
	if (done) {
		decision.reason = "saut_reboot";
		done = delay_reboot(&system, &decision, seconds ? seconds : 1, err);
	}
	notes_add_all(&saut->notes, &system.notes);
	system_free(&system);
	return done;
}

enum saut_result saut_reboot(struct saut *saut, unsigned seconds)
{
	api_begin(saut);
	if (reboot(saut, seconds))
		return api_end(saut, true);
	(void)error_attempting(&saut->error, "reboot the machine");
	return api_end(saut, false);
}
