/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PE/COFF, the format of programs for EFI: the headers and the table of sections, as far as loading
 * without firmware needs them. "PE Format", Microsoft; the numbers of its sections are cited as §.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/cpu.h"
#include "base/error.h"

/*
 * Real ones have ten or twenty; a board's device tree each for a fleet of boards makes hundreds.
 * The field could say 65535.
 */
enum {
	PE_SECTIONS_MAX = 4096,
	PE_NAME_SIZE = 8,
};

struct pe {
	struct view bytes;
	enum cpu_arch arch; /* ARCH_UNKNOWN for machines that are none of ours */
	struct view table;  /* of the section headers */
	size_t section_count;
	struct view certificates; /* empty: the file is not signed */

	/* Where in the file is what a signature does not cover. */
	uint64_t checksum_at;     /* 4 bytes */
	uint64_t certificates_at; /* 8 bytes, of the directory of certificates; 0: it has none */
	uint32_t headers_size;    /* SizeOfHeaders, unchecked */
};

struct pe_section {
	char name[PE_NAME_SIZE + 1]; /* with a '?' for each byte that is not printable */
	struct view data;   /* without the padding to whole blocks of the file, §4 VirtualSize */
	struct view blocks; /* with it, as far as the file goes */
};

/* Whether it begins like a PE file; *ret_arch by its machine. */
bool pe_probe(struct view bytes, enum cpu_arch *ret_arch);

/*
 * Whether the section table has a section of this name, as far as the file goes, however damaged
 * the rest is.
 */
bool pe_probe_section(struct view bytes, const char *name);

/* Validates the headers; each section is validated when it is read. */
bool pe_parse(struct view bytes, struct pe *ret, struct error *err)
	__attribute__((warn_unused_result));

/* index below section_count. */
bool pe_section(const struct pe *pe, size_t index, struct pe_section *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Neither two sections nor a section and the headers or certificates share a byte of the file. */
bool pe_check_overlaps(const struct pe *pe, struct arena *arena, struct error *err)
	__attribute__((warn_unused_result));
