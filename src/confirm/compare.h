/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was true before a jump against what is true now. */
#pragma once

#include "confirm/witness.h"

struct missing {
	const char *what; /* in words */
	/*
	 * It is the kernel that is at fault: a file system that the boot needs is not mounted, or a machine
	 * that was reached by cable is not reached at all; and nobody is logged in, who could tell.
	 */
	bool is_grave;
};

/* What is missing now; behind it one without words. NULL: memory is out. */
const struct missing *compare_witnesses(
	const struct witness *before, const struct witness *now, struct arena *arena);
