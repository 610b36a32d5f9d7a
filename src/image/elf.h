/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF files as they are loaded into memory (System V ABI, "Object Files" and "Program Loading"), of
 * 32 and 64 bits. Beyond their kind only little-endian ones are read. Which kind of kernel is in
 * one is not known here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/range.h"

enum { ELF_LOADS_MAX = 16, ELF_PROGRAM_HEADERS_MAX = 64 };

enum elf_type { ELF_EXECUTABLE = 2, ELF_SHARED = 3 };
enum elf_part_type { ELF_PART_LOAD = 1, ELF_PART_INTERPRETER = 3 };

/* The ELF header; its table of program headers lies in the file as a whole. */
struct elf_headers {
	bool is_64_bit;
	uint16_t type, machine;
	uint64_t entry; /* as it is written: physical or virtual */
	uint64_t program_at, section_at;
	uint16_t program_count, section_size, section_count;
	uint16_t section_names; /* which section has their names */
};

/* A program header, as it is written. */
struct elf_part {
	uint32_t type;
	uint64_t offset, file_size;
	uint64_t virtual_address, physical, memory_size;
};

/* A part that is copied into memory; zeros follow its bytes. */
struct elf_load {
	struct view bytes;
	struct range memory; /* physical, as linked */
};

struct elf {
	struct elf_headers headers;
	struct elf_load loads[ELF_LOADS_MAX]; /* ascending, disjoint, none empty */
	size_t load_count;                    /* at least 1 */
	struct range memory; /* physical, as linked: from the first load to the end of the last */
	phys_t entry;        /* physical, as linked; inside a load */
};

/* What an ELF file begins with. */
struct elf_kind {
	uint8_t bits; /* 32 or 64 */
	bool big_endian;
	uint16_t machine;
};

bool elf_probe(struct view bytes, struct elf_kind kind);

bool elf_read_headers(struct view bytes, struct elf_headers *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The program header of this index, below program_count. */
struct elf_part elf_read_part(struct view bytes, const struct elf_headers *headers, unsigned index);

/* Reads a program that needs no other one to be loaded. */
bool elf_parse(struct view bytes, struct elf *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Adds a load among those that are there; for formats that name their loads otherwise. */
bool elf_add_load(struct elf *elf, struct elf_load load, struct error *err)
	__attribute__((warn_unused_result));

/* Whether the physical address lies in what is loaded from the file. */
bool elf_has_bytes_at(const struct elf *elf, phys_t address);
