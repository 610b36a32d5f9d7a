/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network devices that a card is behind, be they the card itself or a bridge, a bond or a VLAN over one. */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

/* Whether one of these has a cable, and is no part that somebody takes along: neither radio nor USB. */
bool card_is_cabled(const struct source *source, const char *device, struct arena *arena);

/* Whether a neighbour behind one has answered since the boot, by /proc/net/arp. */
bool cards_have_neighbour(const struct source *source, struct arena *arena);
