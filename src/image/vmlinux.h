/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vmlinux, the kernel itself as an ELF file (System V ABI, "Object Files"): what a bzImage's payload
 * unpacks to. A table of relocations may be appended to it; see image/relocations.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/range.h"

enum { VMLINUX_LOADS_MAX = 8 };

/*
 * The virtual address at which physical address 0 was linked; Documentation/arch/x86/x86_64/mm.rst.
 */
#define VMLINUX_MAP      UINT64_C(0xffffffff80000000)
#define VMLINUX_MAP_SIZE (UINT64_C(1) << 30)

/* A part that is copied into memory as it is: a PT_LOAD with bytes in the file. */
struct vmlinux_load {
	struct range link;    /* physical, as linked: the file's bytes only; starts on a page */
	uint64_t file_offset; /* all of it lies in the file */
};

struct vmlinux {
	struct view bytes;                            /* the file, with what is appended */
	uint64_t elf_size;                            /* where the ELF's own content ends */
	struct vmlinux_load loads[VMLINUX_LOADS_MAX]; /* ascending, disjoint also in whole pages */
	size_t load_count;                            /* at least 1 */
	struct range link; /* physical, as linked: from the first byte to the end of bss and brk */
	phys_t entry;      /* physical, as linked; inside a load */
};

/* A 64-bit kernel for x86. The views point into bytes. */
bool vmlinux_parse(struct view bytes, struct vmlinux *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The bytes of a load. */
struct view vmlinux_load_bytes(const struct vmlinux *kernel, size_t load);

/*
 * Where in the file the size bytes are that the kernel has at this virtual address, as linked;
 * false where it has none.
 */
bool vmlinux_file_offset(
	const struct vmlinux *kernel, uint64_t address, uint64_t size, uint64_t *ret);
