/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A decided reboot between its preparation and its begin: somebody waits for its time without us, so that
 * whoever asked for it may end. It is seen and cancelled by SCHEDULE_FILE; of two, the later one takes
 * the place of the earlier.
 */
#pragma once

#include "system/reboot.h"

/*
 * Begins it in seconds, with its record of what is loaded then. The system was looked at to change it. Where the reboot then
 * fails after all, the kernel log says so, and what was made for it is taken back.
 */
bool delay_reboot(struct system *system, const struct reboot_decision *decision, unsigned seconds,
	struct error *err) __attribute__((warn_unused_result));

/*
 * For the unit that waited for it: the time has come. Fails where the reboot was cancelled, or another one
 * waits; where the init does not take it, what was made for it is taken back. The system was looked at to
 * change it.
 */
bool delay_begin(struct system *system, const char *unit, struct error *err)
	__attribute__((warn_unused_result));

/* FAULT_NOTHING_SCHEDULED where none waits. What was loaded for it stays loaded. */
bool delay_cancel(struct system *system, struct error *err) __attribute__((warn_unused_result));
