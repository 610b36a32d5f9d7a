/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory of a kernel that has crashed: an ELF core of 32 or 64 bits and of either byte order, as /proc/vmcore is
 * (System V ABI, "Object Files"; Documentation/admin-guide/kdump/kdump.rst in Linux). Read by the kernel's virtual
 * addresses, whichever CPU it ran on.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/big-file.h"
#include "base/error.h"

/* A piece of memory, as the program header says. */
struct core_load {
	uint64_t offset, file_size, memory_size; /* zeros follow what the file has of it */
	uint64_t virtual_address, physical;
};

/* Virtual addresses that lie at one distance from the physical ones. */
struct core_move {
	uint64_t first, last;
	uint64_t distance; /* the physical address is the virtual one less this, modulo 2^64 */
};

enum { CORE_MOVES_MAX = 2 };

/* A part of the kernel's memory, by its virtual address. */
struct core_span {
	uint64_t address, size;
};

struct core {
	const struct big_file *file;
	bool is_64_bit, is_big_endian; /* the file */
	unsigned word;                 /* bytes of the kernel's pointers and longs: 4 or 8 */
	uint16_t machine;              /* ELF's number of the CPU */
	const struct core_load *loads;
	size_t load_count;
	bool has_virtual; /* the loads tell where the kernel saw them */
	struct view info; /* VMCOREINFO */
	struct core_move moves[CORE_MOVES_MAX];
	size_t move_count;
};

/* Reads headers and notes. The file is borrowed, the tables are in the arena. */
bool core_open(const struct big_file *file, struct arena *arena, struct core *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Fills `to` from the kernel's virtual address on. */
bool core_read(const struct core *core, uint64_t address, struct block *to, struct error *err)
	__attribute__((warn_unused_result));

/* The number that up to 8 bytes are, in the byte order of the core. */
uint64_t core_number(const struct core *core, struct view bytes);

/* A field of so many bytes in a structure that was read; 0 where it does not lie inside. */
uint64_t core_field(const struct core *core, struct view bytes, uint64_t at, unsigned size);

/* A number at a virtual address. */
bool core_read_number(const struct core *core, uint64_t address, unsigned size, uint64_t *ret,
	struct error *err) __attribute__((warn_unused_result));
