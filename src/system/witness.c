/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/witness.h"

#include "confirm/cards.h"
#include "confirm/gateway.h"
#include "sys/neighbours.h"
#include "system/completion.h"

/* The kernel asks three times, a second apart. */
enum { ANSWER_WAIT_MS = 3500 };

bool system_witness(
	const struct source *source, enum init init, struct arena *arena, struct witness *ret)
{
	struct gateway gateways[GATEWAYS_MAX];
	size_t n = gateways_find(source, arena, gateways);

	if (!witness_take(source, init, arena, ret) ||
		(completion_is_reached(source, init, arena) &&
			!witness_add(ret, "target " COMPLETION_TARGET, arena)))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct gateway *g = &gateways[i];
		const char *line;

		if (!gateway_is_neighbour(g) ||
			!neighbour_answers(g->is_ipv6, g->address, g->device, ANSWER_WAIT_MS))
			continue;
		ret->is_reached = true;
		ret->is_cabled |= card_is_cabled(source, g->device, arena);
		line = arena_printf(
			arena, "answers%d %s %s", g->is_ipv6 ? 6 : 4, g->text, g->device);
		if (!line || !witness_add(ret, line, arena))
			return false;
	}
	return true;
}
