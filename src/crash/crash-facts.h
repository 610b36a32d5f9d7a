/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is ready on this machine for a panic, as /sys tells it, and what the last panic has left. */
#pragma once

#include "machine/machine.h"

struct crash_facts {
	enum answer loaded; /* a crash kernel is */
	bool is_reserved_known, is_header_known;
	uint64_t
		reserved; /* bytes, as it is now: it can be shrunk, and is not counted where it was not given */
	uint64_t
		header; /* bytes that elfcorehdr may take, where the kernel itself keeps it up to date */
	enum answer updates_cpus,
		updates_memory; /* the kernel does so, when one is added or taken away */
};

/* What is not told is unknown; what cannot be read fails it. */
bool crash_facts_read(const struct source *source, struct arena *arena, struct crash_facts *ret,
	struct error *err) __attribute__((warn_unused_result));
