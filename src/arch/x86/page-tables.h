/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Identity page tables for the jump. The running kernel's tables lie wherever it allocated them,
 * perhaps where the next kernel unpacks itself; these lie beside the stub. Intel SDM volume 3,
 * chapter "Paging". They map what they are asked for and no more than its 2-MiB surroundings:
 * on some machines even a speculative read of reserved memory is fatal.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/range.h"

struct x86_page_tables_request {
	const struct ranges *map; /* normalised */
	bool gigabyte_pages;      /* the CPU has them (pdpe1gb); used where a whole GiB is mapped */
};

struct x86_page_tables {
	struct view bytes;     /* whole pages */
	uint64_t root4, root5; /* physical, for 4 and for 5 levels */
};

/* The tables as they are at a page-aligned address; their size does not depend on it. */
bool x86_page_tables_make(const struct x86_page_tables_request *request, phys_t address,
	struct arena *arena, struct x86_page_tables *ret, struct error *err)
	__attribute__((warn_unused_result));
