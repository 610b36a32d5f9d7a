/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux as an ELF file, vmlinux: whether an ELF is one, and of x86 the setup header that such a file
 * lacks, which is what boot.rst says of all kernels that have the ELF's entry point.
 */
#pragma once

#include "image/bzimage.h"
#include "image/elf.h"

/* The banner's words behind "Linux version "; "" where there is none, which is where it is no Linux. */
bool elf_linux_version(const struct elf *elf, struct arena *arena, const char **ret,
	struct error *err) __attribute__((warn_unused_result));

/* What its bzImage would say of how it is loaded; kernel and payload are empty. */
bool elf_linux_header(const struct elf *elf, struct arena *arena, struct bzimage *ret,
	struct error *err) __attribute__((warn_unused_result));
