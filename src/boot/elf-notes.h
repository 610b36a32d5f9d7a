/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an ELF kernel is told that is no Linux: a block of ELF notes, the "ELF boot" convention of
 * Etherboot. In 32-bit mode eax has the magic number and ebx the block's address, in 64-bit mode
 * rdi has the address.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

#define ELF_NOTES_MAGIC 0x0e1fb007u

/* It lies wherever it is put: nothing in it depends on its address. */
bool elf_notes_make(const char *command_line, struct arena *arena, struct view *ret,
	struct error *err) __attribute__((warn_unused_result));
