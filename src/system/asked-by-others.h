/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source in which boot loaders have been told by others alone: without what a trial of ours that is not over has
 * told them (service/one-time.h). That is where a reset leads, and is taken back before anything else could follow
 * it; it says nothing of what is booted by default.
 */
#pragma once

#include "service/one-time.h"

struct asked_by_others {
	struct source source; /* valid at the address where it is */
	const struct source *from;
	struct one_time_own own; /* zeros: there is nothing of ours */
};

/* from and arena must outlive it. */
struct asked_by_others asked_by_others(const struct source *from, struct arena *arena);
