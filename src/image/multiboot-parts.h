/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of both Multiboot headers share; nobody else includes it. */
#pragma once

#include "image/multiboot.h"

/* Where a header may lie, and how it is known. */
struct multiboot_search {
	uint64_t searched, step, size;                         /* bytes */
	const char *magic;                                     /* its first four bytes */
	bool (*is_header)(struct view bytes, uint64_t offset); /* where the magic number is */
};

bool multiboot_find_header(struct view bytes, const struct multiboot_search *search, uint64_t *ret);

/* "The address fields of Multiboot header"; 0 as an end is none. */
struct multiboot_addresses {
	uint32_t header, load, load_end, bss_end;
	bool may_load_all; /* version 2: load UINT32_MAX is the file's first byte */
};

bool multiboot_load_by_addresses(struct view bytes, uint64_t header_at,
	const struct multiboot_addresses *addresses, struct elf *elf, struct error *err)
	__attribute__((warn_unused_result));

bool multiboot_check_entry(const struct elf *elf, struct error *err)
	__attribute__((warn_unused_result));

bool multiboot_parse_2(struct view bytes, struct multiboot *kernel, struct error *err)
	__attribute__((warn_unused_result));
