/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A machine for one jump, for CPUs that differ: machine.c plays the running kernel and the loader,
 * the file of a CPU gives what is special. Freestanding; run by test-jump-bare.py.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stub/abi.h"

/*
 * As in a stub: addresses are taken from where the code runs, not from a table that the linker
 * filled. On loongarch64 it runs in another window than it was linked for, and the digest tells
 * engines apart by their addresses.
 */
#pragma GCC visibility push(hidden)

enum { REGISTERS_MAX = 32 };

/* Where memory begins and what is special of the CPU. */
extern const uint64_t cpu_memory;
extern const uint8_t cpu_blob[];
extern const size_t cpu_blob_size;

/* Stored by start-CPU.S where the stub left it, in the CPU's own order. */
extern uintptr_t landed[REGISTERS_MAX];

void cpu_put(char c);
_Noreturn void cpu_off(void);

/* What the CPU wants in the argument block: console, reset, page tables, entry, registers. */
void cpu_arguments(struct stub_args *args, const char *line);

/* Into the stub, in the state in which the running kernel of this CPU would go. */
_Noreturn void cpu_jump(uint64_t entry);

/* Prints what is to be seen of the CPU before the jump and behind it. */
void cpu_tell_before(void);
void cpu_tell_landed(void);

bool asked(const char *line, const char *word);
void say_number(const char *name, uint64_t number);

_Noreturn void machine_main(void);
_Noreturn void machine_landed(void);
void landing(void);
