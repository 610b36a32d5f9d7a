/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recipe: accesses to registers of devices, in their order, that the stub makes between the kernels
 * once everything is verified. It is data; what a register means is known to who wrote the recipe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/range.h"

enum { RECIPE_STEPS_MAX = 64 };

/* The register is read where bits of it are to stay, and written unless all are. */
struct recipe_step {
	bool is_port;    /* an I/O port of x86; else memory */
	uint8_t width;   /* bytes: 1, 2, 4, or in memory 8 */
	phys_t address;  /* a multiple of width */
	uint64_t keep;   /* the bits that stay */
	uint64_t value;  /* of all others */
	const char *why; /* "the timer is halted" */
};

struct recipe {
	struct recipe_step steps[RECIPE_STEPS_MAX];
	size_t count;
};

/* All bits of a register so many bytes wide. */
static inline uint64_t register_mask(unsigned width)
{
	return width < 8 ? (UINT64_C(1) << width * 8) - 1 : UINT64_MAX;
}
