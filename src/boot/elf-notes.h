/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an ELF kernel that is no Linux is told: a block of ELF notes, the "ELF boot" convention of
 * Etherboot. In 32-bit mode eax has the magic number and ebx the address of the block, in 64-bit
 * mode rdi has the address.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

#define ELF_NOTES_MAGIC 0x0e1fb007u

/* The block may lie anywhere: nothing in it depends on its address. */
bool elf_notes_make(const char *command_line, struct arena *arena, struct view *ret,
	struct error *err) __attribute__((warn_unused_result));
