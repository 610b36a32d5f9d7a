/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A reboot while it waits, which delay.c makes up and takes back, and who waits for its time: a process
 * of ours (delay-process.c), or under systemd, which ends the processes of a unit with the unit, process
 * 1 itself (delay-unit.c).
 */
#pragma once

#include "system/reboot.h"

struct waiting {
	struct system *system;
	const struct reboot_decision *decision;
	unsigned seconds;
	struct schedule schedule;
	const char *record;     /* of this reboot, for REBOOT_RECORD_FILE */
	const char *old_record; /* what is there; NULL: nothing */
};

/* Its schedule is written when they return true. */
bool waiting_by_process(struct waiting *w, struct error *err) __attribute__((warn_unused_result));
bool waiting_by_unit(struct waiting *w, struct error *err) __attribute__((warn_unused_result));

/* Ends the unit that waits for a reboot which is none any more; where it goes on, it finds that out. */
void waiting_end_unit(const char *unit, struct arena *arena);

/* The record of this reboot and the one before it, from the running system. */
bool waiting_read_records(struct waiting *w, struct error *err) __attribute__((warn_unused_result));

/* The time has come: the record of this reboot is left, with the moment. */
void waiting_leave_record(struct waiting *w);

/* The time has come: what is true before anything is stopped, for a jump on trial (come-back.h). */
bool waiting_leave(const struct waiting *w, struct error *err) __attribute__((warn_unused_result));

/* What was made for a reboot that does not take place: its switches, and with a record that as well. */
void waiting_take_back(const struct waiting *w);
