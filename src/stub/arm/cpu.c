/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stub of armhf: the virtual counter where there is one, and PSCI. */
#include "stub/arm/arm.h"
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"

/* Arm DEN 0022 (PSCI), §5.1. */
enum { PSCI_SYSTEM_RESET = 0x84000009u };

/* The processor's mode, of CPSR. */
enum { MODE = 0x1f, MODE_HYP = 0x1a };

/* Arm ARM for ARMv7-A, B4.1.93: ID_PFR1 bits 19 to 16, the Generic Timer. */
enum { TIMER_SHIFT = 16, TIMER_MASK = 15 };

#define SYSTEM_GET(which)                                           \
	({                                                          \
		uint32_t value_;                                    \
		__asm__ volatile("mrc p15, " which : "=r"(value_)); \
		value_;                                             \
	})

#define ID_PFR1 "0, %0, c0, c1, 1"
#define CNTFRQ  "0, %0, c14, c0, 0"
#define DFSR    "0, %0, c5, c0, 0"
#define IFSR    "0, %0, c5, c0, 1"
#define DFAR    "0, %0, c6, c0, 0"
#define IFAR    "0, %0, c6, c0, 2"
#define HSR     "4, %0, c5, c2, 0"
#define HDFAR   "4, %0, c6, c0, 0"
#define HIFAR   "4, %0, c6, c0, 2"

/* Not all CPUs can divide: compilers call these where code is to be small. */
uint32_t __aeabi_uidiv(uint32_t number, uint32_t by);
#ifndef __clang__
uint64_t __aeabi_uidivmod(uint32_t number, uint32_t by);
#endif

uint32_t __aeabi_uidiv(uint32_t number, uint32_t by)
{
	uint32_t rest = 0, result = 0;

	for (int bit = 31; bit >= 0; bit--) {
		rest = rest << 1 | (number >> bit & 1);
		result <<= 1;
		if (rest >= by) {
			rest -= by;
			result |= 1;
		}
	}
	return result;
}

/* gcc's: the quotient in r0, the rest in r1. */
#ifndef __clang__
uint64_t __aeabi_uidivmod(uint32_t number, uint32_t by)
{
	uint32_t result = __aeabi_uidiv(number, by);

	return (uint64_t)(number - result * by) << 32 | result;
}
#endif

static bool at_hyp(void)
{
	uint32_t status;

	__asm__ volatile("mrs %0, cpsr" : "=r"(status));
	return (status & MODE) == MODE_HYP;
}

static bool has_timer(void)
{
	return (SYSTEM_GET(ID_PFR1) >> TIMER_SHIFT & TIMER_MASK) != 0;
}

/* 0 where there is none, so that no time passes. */
uint64_t cpu_counter(void)
{
	uint64_t ticks = 0;

	if (has_timer())
		__asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks));
	return ticks;
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	if (!has_timer())
		return 0;
	return args->counter_khz ? args->counter_khz : SYSTEM_GET(CNTFRQ) / 1000;
}

void cpu_wait_short(void)
{
	for (int n = 0; n < 500; n++)
		__asm__ volatile("nop");
}

uint64_t cpu_read(uint64_t address, uint32_t width)
{
	return memory_read(address, width);
}

void cpu_write(uint64_t address, uint32_t width, uint64_t value)
{
	__asm__ volatile("dsb" : : : "memory");
	memory_write(address, width, value);
}

void cpu_console_put(uint32_t where, uint32_t *cell, char c)
{
	(void)where;
	(void)cell;
	(void)c;
}

enum stub_verdict cpu_verify(const struct stub_args *args)
{
	return stub_verify(args, digest_engines_of_cpu());
}

/*
 * The offset of the vector in words, and what the CPU writes down of aborts: in Hyp mode HSR, whose class says as much
 * as the vector does (Arm ARM for ARMv7-A, B1.8.1 and B3.13).
 */
_Noreturn void arm_fault(const struct stub_args *args, uint32_t vector, uint32_t at)
{
	struct stub_fault fault = { .exception = vector, .at = at };
	bool is_hyp = at_hyp();

	if (is_hyp)
		fault.code = SYSTEM_GET(HSR);
	if (vector == ARM_VECTOR_PREFETCH) {
		fault.code = is_hyp ? fault.code : SYSTEM_GET(IFSR);
		fault.address = is_hyp ? SYSTEM_GET(HIFAR) : SYSTEM_GET(IFAR);
		fault.has_address = true;
	} else if (vector == ARM_VECTOR_DATA) {
		fault.code = is_hyp ? fault.code : SYSTEM_GET(DFSR);
		fault.address = is_hyp ? SYSTEM_GET(HDFAR) : SYSTEM_GET(DFAR);
		fault.has_address = true;
	}
	stub_fault(args, &fault);
}

struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){ .reset_delay_ms = 10000 };
}

/* In Hyp mode the firmware is below us; else there is most often a hypervisor. */
void cpu_reset(enum stub_reset how)
{
	register uint32_t r0 __asm__("r0") = PSCI_SYSTEM_RESET;

	if (how == STUB_RESET_PSCI_SMC || (how == STUB_RESET_CPU && at_hyp()))
		__asm__ volatile(".arch_extension sec\n\tsmc #0"
			: "+r"(r0)
			:
			: "r1", "r2", "r3", "memory");
	else
		__asm__ volatile(".arch_extension virt\n\thvc #0"
			: "+r"(r0)
			:
			: "r1", "r2", "r3", "memory");
}
