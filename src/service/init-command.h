/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The commands by which the running init is asked for a reboot, so that services stop first. One
 * table; what an init does with a loaded kernel is what it does anyway, or what a hook of the shutdown
 * does.
 */
#pragma once

#include "machine/init.h"

struct init_command {
	const char *name;               /* of the init, for people */
	const char *const *by_kexec;    /* the command, NULL-terminated */
	const char *const *by_firmware; /* the same for an ordinary reboot */
	const char *hook; /* what makes its shutdown jump, where none is installed; NULL: it does */
};

/* NULL where nobody knows how to ask this init. */
const struct init_command *init_command_for(enum init init);
