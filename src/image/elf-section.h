/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections of a little-endian ELF file of 64 bits (System V ABI, "Sections"), by their names. */
#pragma once

#include "image/elf.h"

/*
 * The bytes of the first section of this name; p is NULL where there is none, or it has no bytes in the file. A table that
 * reaches past the file is FAULT_IMAGE_TRUNCATED.
 */
bool elf_section_find(struct view bytes, const char *name, struct view *ret, struct error *err)
	__attribute__((warn_unused_result));
