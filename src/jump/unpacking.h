/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the kernel is better unpacked ahead of the jump than by itself on the way. By the figures of
 * initrd/policy.h: it reads no file.
 */
#pragma once

#include "initrd/policy.h"

struct unpacking {
	const char *codec;         /* of the kernel's payload */
	uint64_t packed, unpacked; /* bytes */
	uint64_t
		ready; /* bytes of it that are kept packed by lz4, so that these are unpacked; 0: none */
	enum initrd_check check;
	unsigned copies; /* how often the running kernel copies each byte in the blackout */
	bool in_outage;  /* nothing serves while it is loaded, so that loading counts as well */
	bool is_held;    /* for long before the jump: no more than hold bytes are wanted */
	uint64_t hold;
};

/* NULL where it is better unpacked ahead, otherwise why not. */
const char *unpacking_ahead_obstacle(const struct unpacking *facts);
