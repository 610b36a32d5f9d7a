/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The s390x stub: the TOD clock, the service element's consoles, and a reset by the hypervisor or the machine
 * (diagnose 0x308). z/Architecture Principles of Operation (SA22-7832), chapters 3 and 4.
 */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"
#include "stub/s390x/sclp.h"

enum {
	TICKS_PER_MICROSECOND = 4096, /* bit 51 of the TOD clock counts microseconds */

	/* What a program interruption leaves in the first page. */
	INTERRUPTION_CODE = 0x8e,
	OLD_PSW_ADDRESS = 0x158,
};

/* entry.S */
extern const struct stub_args stub_args_block;
void cpu_diagnose_308(uint64_t subcode);

enum { LOAD_CLEAR = 3 }; /* starts the machine as it was started last */

uint64_t cpu_counter(void)
{
	uint64_t value;

	__asm__ volatile("stckf %0" : "=Q"(value) : : "cc");
	return value;
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	(void)args;
	return TICKS_PER_MICROSECOND * 1000;
}

void cpu_wait_short(void)
{
	uint64_t start = cpu_counter();

	while (cpu_counter() - start < TICKS_PER_MICROSECOND)
		;
}

uint64_t cpu_read(uint64_t address, uint32_t width)
{
	return memory_read(address, width);
}

void cpu_write(uint64_t address, uint32_t width, uint64_t value)
{
	memory_write(address, width, value);
}

/* The lowest pages of what the stub may write to; the stack does not come so far. */
void cpu_console_put(uint32_t where, uint32_t *cell, char c)
{
	uint64_t memory = stub_args_block.stack - STUB_SCRATCH;

	if (where & STUB_CONSOLE_SCLP)
		sclp_put((uint8_t *)(uintptr_t)memory, cell, c);
}

enum stub_verdict cpu_verify(const struct stub_args *args)
{
	return stub_verify(args, digest_engines_of_cpu());
}

/* Address 0 is one like any other here, which compilers do not believe. */
static uint64_t read_low(uint64_t address, uint32_t width)
{
	__asm__("" : "+r"(address));
	return memory_read(address, width);
}

_Noreturn void cpu_fault(const struct stub_args *args)
{
	stub_fault(args,
		&(struct stub_fault){
			.exception = read_low(INTERRUPTION_CODE, 2),
			.at = read_low(OLD_PSW_ADDRESS, 8),
		});
}

struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){ .console = STUB_CONSOLE_SCLP, .reset_delay_ms = 10000 };
}

void cpu_reset(enum stub_reset how)
{
	(void)how;
	cpu_diagnose_308(LOAD_CLEAR);
}
