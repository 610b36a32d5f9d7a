/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Identity page tables for the jump, with which the stub switches the MMU and the caches on to
 * verify at the speed of memory. Arm ARM, chapter D8: 4-KiB granule, 48 bits, attribute 0 of MAIR
 * is Normal memory, write-back, and attribute 1 is Device-nGnRE, as src/stub/arm64/entry.S sets it.
 * They map what they are asked for, in whole pages, and nothing else: a CPU may read whatever is
 * mapped as memory by speculation, and what belongs to the firmware must not be read.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/range.h"

struct arm64_page_tables_request {
	const struct ranges *memory; /* normalised: segments, the stub with its stack, the record */
	const struct ranges *devices; /* normalised: the console; where both overlap, a device */
};

struct arm64_page_tables {
	struct view bytes; /* whole pages */
	uint64_t root;     /* physical: the first of them */
};

/* The tables as they are at a page-aligned address; their size does not depend on it. */
bool arm64_page_tables_make(const struct arm64_page_tables_request *request, phys_t address,
	struct arena *arena, struct arm64_page_tables *ret, struct error *err)
	__attribute__((warn_unused_result));
