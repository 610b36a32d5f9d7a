/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hand-over: how a reboot is asked of the running init, so that services stop first. One table; what
 * an init does with a loaded kernel is what it does anyway, or what a hook of the shutdown does.
 */
#pragma once

#include "machine/init.h"

struct hand_over {
	const char *name;               /* of the init, for people */
	const char *const *by_kexec;    /* the command, NULL-terminated */
	const char *const *by_firmware; /* the same for an ordinary reboot */
	const char *hook; /* what makes its shutdown jump, where none is installed; NULL: it does */
};

/* NULL where nobody knows how to ask this init. */
const struct hand_over *hand_over_for(enum init init);
