/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gateways of default routes, by /proc/net/route and /proc/net/ipv6_route. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "machine/source.h"

enum { GATEWAYS_MAX = 8 };

struct gateway {
	bool is_ipv6;
	uint8_t address[16]; /* of IPv4 the first four, in network order */
	const char *text; /* "10.0.2.2"; "direct" for a route without one, whose address is zeros */
	const char *device;
};

/* How many there are, each once. What cannot be read or understood is left out. */
size_t gateways_find(
	const struct source *source, struct arena *arena, struct gateway ret[static GATEWAYS_MAX]);

/* Whether there is a neighbour to ask. */
bool gateway_is_neighbour(const struct gateway *gateway);
