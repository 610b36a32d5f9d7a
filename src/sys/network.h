/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The network before a jump: a card that still receives would write into the next kernel. So it is
 * taken down as the last thing before the jump, and where there was none after all, it is set up
 * again from what was remembered.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* A message of rtnetlink(7) by which the kernel has again what it told us of. */
struct network_item;

struct network {
	struct arena arena;
	struct network_item *items; /* in the order in which they are set again */
	size_t count;
	size_t down; /* interfaces that were up and were taken down */
	int errnum;  /* of what could not be remembered; 0: all is */
};

/*
 * Remembers interfaces, addresses, static neighbours, nexthops and routes, then takes every interface but the
 * loopback ones down. Best effort: what does not go down is left, since a jump must not fail for it.
 * *ret is network_forget's in any case.
 */
void network_down(struct network *ret);

/*
 * Brings up what network_down has taken down, with its addresses, nexthops and routes of IPv4 and IPv6. What was
 * not remembered or is not taken back within seconds is an error, after all else was done.
 */
bool network_up(struct network *network, struct error *err) __attribute__((warn_unused_result));

void network_forget(struct network *network);
