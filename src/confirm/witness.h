/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is true of a running system, so that the boot after a jump can be held against it: a line each,
 * "KIND NAME" and behind it what is only for people.
 *
 *	mount POINT             a file system of fstab is mounted there
 *	extra POINT             the same of one without which the system boots: nofail, or by the network
 *	link ADDRESS NAME       a network card with this address has carrier
 *	route4 GATEWAY NAME     the default route; route6 the same of IPv6
 *	answers4 GATEWAY NAME   its gateway is a neighbour that answers; answers6 the same
 *	service NAME            it is enabled, and runs
 *	target NAME             it is reached: systemd's boot-complete.target, which tells the checks of others
 *	cabled                  one of these gateways is reached by a card that stays in the machine, by cable
 *
 * What cannot be read is not in it: it is then not held against the next boot either.
 */
#pragma once

#include "base/arena.h"
#include "machine/init.h"
#include "machine/source.h"

enum { WITNESS_MAX = 512 };

struct witness {
	const char **lines;
	size_t count;
	bool is_cabled;
	/* Not in the text, since they count for now alone. */
	bool is_reached; /* some neighbour in the network has answered since the boot */
	bool has_person; /* somebody is logged in, who sees what is wrong */
};

/* All but what gateways tell, which is in no file. False only when memory is out. */
bool witness_take(const struct source *source, enum init init, struct arena *arena,
	struct witness *ret) __attribute__((warn_unused_result));

/* One line more, of "KIND NAME DETAIL"; one that is there already is not added. False: memory is out. */
bool witness_add(struct witness *w, const char *line, struct arena *arena)
	__attribute__((warn_unused_result));

/* As text for a file; NULL when memory is out. */
const char *witness_text(const struct witness *w, struct arena *arena);

/* Of such a text; lines of kinds that are not known are left out. False when memory is out. */
bool witness_parse(struct view text, struct arena *arena, struct witness *ret)
	__attribute__((warn_unused_result));
