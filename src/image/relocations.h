/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of relocations that a kernel which can move itself in virtual memory has behind its
 * ELF. Read from the end of the file it is groups of 32-bit words, each the lower half of a kernel
 * address whose content changes with the kernel's, and each group ends on a word of 0:
 *
 *	32-bit words that grow, [32-bit words that shrink,] 64-bit words that grow
 *
 * The middle group (distances from the kernel to per-CPU variables, which are linked at 0) is in
 * kernels before Linux 6.15 only. Nothing says how many groups there are: the table must begin
 * where the ELF ends, have no empty group, ascend within each group, and point to words that look
 * like addresses, or it is none.
 */
#pragma once

#include "image/vmlinux.h"

/* Views of the words in the file's order; empty where there are none. */
struct relocations {
	struct view grow_64, shrink_32, grow_32;
	bool present; /* the kernel has a table */
};

/* Validates all of it. No table at all is a kernel that stays where it was linked. */
bool relocations_parse(const struct vmlinux *kernel, struct relocations *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Moves the kernel: file are the bytes that both were parsed from, writable; offset is below
 * VMLINUX_MAP_SIZE.
 */
void relocations_apply(const struct relocations *relocations, const struct vmlinux *kernel,
	uint8_t *file, uint64_t offset);
