/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the folder of a CPU gives to the common part of its stub: its counter, its way to devices,
 * and its way out.
 */
#pragma once

#include "stub/common/verify.h"

/* What the record is measured in. */
uint64_t cpu_counter(void);

/* The frequency of the counter: as the loader knows it, or as the CPU says; 0: unknown. */
uint32_t cpu_counter_khz(const struct stub_args *args);

/* About a microsecond. */
void cpu_wait_short(void);

/* Beside the bytes of an access to x86's I/O ports. */
enum { CPU_PORT = 0x10 };

/*
 * A device's register, width bytes wide, at a physical address. With CPU_PORT it is an I/O port of
 * x86, and width 0 is one of one byte; other CPUs are never asked for one.
 */
uint64_t cpu_read(uint64_t address, uint32_t width);
void cpu_write(uint64_t address, uint32_t width, uint64_t value);

/*
 * Writes a character to those consoles in where that only this CPU has (a text screen, the
 * firmware), and passes over all others. cell counts what was put to a screen.
 */
void cpu_console_put(uint32_t where, uint32_t *cell, char c);

/* Page tables and whatever else verifying needs; then the verdict. */
enum stub_verdict cpu_verify(const struct stub_args *args);

/* Into the next kernel. */
_Noreturn void cpu_leave(const struct stub_args *args);

/*
 * Called by entry.S where an exception came in: tells what the CPU knows of it, by stub_fault; x86 has x86_fault,
 * armhf arm_fault, ppc64el powerpc_fault.
 */
_Noreturn void cpu_fault(const struct stub_args *args);

/* Where to speak and how to reset when the arguments cannot be read. */
struct stub_args cpu_usual_args(void);

/* As STUB_RESET_CPU and those of PSCI have it; returns when that did nothing. */
void cpu_reset(enum stub_reset how);

/* The last resort, when nothing resets the machine: waits for ever, using little power. */
_Noreturn void cpu_stop(void);
