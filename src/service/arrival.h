/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How this boot came about: through the firmware or by kexec, as the running kernel was told. */
#pragma once

#include "machine/machine.h"
#include "stub/abi.h"

struct arrival {
	enum answer by_kexec; /* unknown on CPUs whose kernels are not told */
	bool by_saut;         /* our stub ran on the way, and left this */
	struct stub_record record;
};

struct arrival arrival_find(const struct source *source, struct arena *arena);

/*
 * On CPUs whose kernels are told by a device tree, or by their command line alone: what a stub of ours has left there. A
 * loader that hands one of these on hands that on as well, so that it may be of an earlier jump: its counters tell.
 */
bool arrival_by_what_is_handed_on(
	const struct source *source, struct arena *arena, struct stub_record *ret);
