/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernels with a Multiboot header: "Multiboot Specification version 0.6.96" and "Multiboot2
 * Specification version 2.0", section "OS image format". The rest of the file is an ELF file, or is
 * described by the header's own addresses.
 */
#pragma once

#include "image/elf.h"

struct multiboot {
	unsigned version;    /* 1 or 2 */
	struct elf program;  /* what is loaded where, and the 32-bit entry point */
	bool wants_graphics; /* a video mode; none can be set here */

	/* Version 2: it may lie elsewhere than it was linked. */
	bool relocatable;
	phys_t first, last; /* the lowest address, and the highest one of its last byte */
	uint64_t align;     /* a power of two */
};

bool multiboot_probe_1(struct view bytes);
bool multiboot_probe_2(struct view bytes);

/* By the header of this version. */
bool multiboot_parse(struct view bytes, unsigned version, struct multiboot *ret, struct error *err)
	__attribute__((warn_unused_result));
