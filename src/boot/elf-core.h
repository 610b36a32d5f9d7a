/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The headers of a core file whose contents are the memory of a kernel that will be dead (elf(5); Linux's
 * Documentation/admin-guide/kdump/kdump.rst): what a crash kernel makes its /proc/vmcore of. Offsets in
 * this file are physical addresses. Data in, bytes out: whose memory it is, it does not know.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/range.h"

/* Bytes of the file header, in the larger class. */
enum { ELF_CORE_HEADER = 64 };

/* A piece of memory. */
struct elf_core_load {
	struct range memory; /* by the addresses that the dead kernel had it at */
	phys_t at;           /* where its bytes are when they are read */
	uint64_t virtual;    /* the dead kernel's address of it; 0: not known */
};

struct elf_core {
	bool is_32_bit;
	uint16_t machine;          /* of ELF */
	const struct range *notes; /* each is a piece of memory with notes in it */
	size_t note_count;
	const struct elf_core_load *loads;
	size_t load_count;
};

/*
 * The file header and a program header for each note and load, in this order. FAULT_FIT_CORE for addresses
 * past 32 bits, FAULT_MACHINE_UNSUPPORTED for more pieces than /proc/vmcore counts.
 */
bool elf_core_make(const struct elf_core *core, struct arena *arena, struct view *ret,
	struct error *err) __attribute__((warn_unused_result));
