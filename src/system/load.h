/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads and unloads for whoever asks: a command, a boot service, a program that uses the library. */
#pragma once

#include "jump/job.h"
#include "service/loading.h"

/* For whom it is loaded. */
struct load_for {
	enum loader by;
	const char *title; /* of the boot entry; NULL: it is none */
	bool has_turn;     /* else one is taken */
};

/* act_load_in_turn, with the record of what is loaded from then on (system/loaded.h). */
bool system_load(struct job *job, struct load_for whom, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Forgets the loaded kernel, or the loaded crash kernel, and what is recorded and promised of it, for who has
 * a turn and has seen in it what is loaded now.
 */
bool system_unload(bool crash, const struct kexec_ability *now, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same in a turn of its own, for who wants no jump: the next reboot goes through the firmware, whatever
 * a boot service would load for it. That this could not be written down is a note.
 */
bool system_unload_by_hand(bool crash, struct notes *notes, struct error *err)
	__attribute__((warn_unused_result));
