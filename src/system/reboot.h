/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a reboot that somebody asks for now would be: by kexec or through the firmware, and why. It is
 * decided by what was looked at, before anything is changed.
 */
#pragma once

#include "service/init-command.h"
#include "system/system.h"

struct reboot_wish {
	bool firmware;       /* once, though kexec is on */
	bool is_entry_given; /* one was asked for, not just the default: nothing else will do */
	const char *unfit; /* why what was to be loaded must not be jumped into; NULL: it may be */
};

struct reboot_decision {
	enum reboot_way way;
	const char *reason;           /* who decided, for the record */
	const struct off_switch *off; /* what it was that overrode the wish; NULL: nothing */
	bool keeps_loaded;            /* what is loaded already is jumped into */
	const char *const *argv;      /* what the init is asked by, NULL-terminated */
};

/*
 * Fails where there is no way: no privilege, no init that can be asked, an entry is given and kexec is
 * off, or the init does not jump.
 */
bool reboot_decide(const struct system *system, struct reboot_wish wish,
	struct reboot_decision *ret, struct error *err) __attribute__((warn_unused_result));

/* Whether a shutdown that this init is asked for ends with a jump into what is loaded: FAULT_NO_HOOK. */
bool reboot_init_jumps(const struct system *system, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Makes the next reboot one through the firmware: whoever would load during the shutdown is told not
 * to, and what is loaded is unloaded, in the turn that the system has. After a failure nobody is told anything any more.
 */
bool reboot_through_firmware(struct system *system, struct error *err)
	__attribute__((warn_unused_result));

/* The files that it makes for that and that were not there before, with blanks between; NULL: no memory. */
const char *reboot_switches(struct system *system);
