/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux as an ELF file, vmlinux: whether an ELF file is one. For x86 also the setup header, which
 * such a file lacks: as boot.rst describes it for every kernel that has the entry point of the ELF.
 */
#pragma once

#include "image/bzimage.h"
#include "image/elf.h"

/*
 * What stands behind "Linux version " in the banner; "" where there is no banner, and this is no
 * Linux.
 */
bool elf_linux_version(const struct elf *elf, struct arena *arena, const char **ret,
	struct error *err) __attribute__((warn_unused_result));

/* What its bzImage would say of how it is loaded; kernel and payload are empty. */
bool elf_linux_header(const struct elf *elf, struct arena *arena, struct bzimage *ret,
	struct error *err) __attribute__((warn_unused_result));
