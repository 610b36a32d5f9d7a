/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stub of loong64: the stable counter, and devices through the window of uncached memory. */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"

/* As Linux sets it up, since its first instructions: head.S's DMW0. */
#define UNCACHED (UINT64_C(8) << 60)

/* LoongArch Reference Manual volume 1, table 2-8: words 4 and 5 describe the stable counter. */
enum {
	CPUCFG_CRYSTAL_HZ = 4,
	CPUCFG_RATIO = 5,
};

#define CSR_GET(number)                                                \
	({                                                             \
		uint64_t value_;                                       \
		__asm__ volatile("csrrd %0, " #number : "=r"(value_)); \
		value_;                                                \
	})

static uint32_t cpucfg(uint32_t word)
{
	uint32_t value;

	__asm__("cpucfg %0, %1" : "=r"(value) : "r"(word));
	return value;
}

uint64_t cpu_counter(void)
{
	uint64_t value;

	__asm__ volatile("rdtime.d %0, $zero" : "=r"(value));
	return value;
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	uint32_t ratio = cpucfg(CPUCFG_RATIO);
	uint64_t multiply = ratio & 0xffff, divide = ratio >> 16;

	if (args->counter_khz || multiply == 0 || divide == 0)
		return args->counter_khz;
	return (uint32_t)(cpucfg(CPUCFG_CRYSTAL_HZ) * multiply / divide / 1000);
}

void cpu_wait_short(void)
{
	for (int n = 0; n < 500; n++)
		__asm__ volatile("nop");
}

uint64_t cpu_read(uint64_t address, uint32_t width)
{
	return memory_read(address | UNCACHED, width);
}

void cpu_write(uint64_t address, uint32_t width, uint64_t value)
{
	memory_write(address | UNCACHED, width, value);
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

/* LoongArch Reference Manual volume 1, the table of exception codes: 0 is an interrupt. */
enum {
	LAST_WITH_ADDRESS = 9, /* ALE; before it what is wrong with pages, and ADE */
	TLB_REFILL = 0x3f,
};

/* A miss in the TLB has registers of its own (TLBRERA and what follows), and a bit that says that it was one. */
_Noreturn void cpu_fault(const struct stub_args *args)
{
	uint64_t state = CSR_GET(0x5), refill = CSR_GET(0x8a); /* ESTAT, TLBRERA */
	struct stub_fault fault = {
		.exception = state >> 16 & 63,
		.code = state >> 22 & 511,
		.at = CSR_GET(0x6),      /* ERA */
		.address = CSR_GET(0x7), /* BADV */
	};

	fault.has_address = fault.exception > 0 && fault.exception <= LAST_WITH_ADDRESS;
	if (refill & 1) {
		fault.exception = TLB_REFILL;
		fault.at = refill & ~UINT64_C(3);
		fault.address = CSR_GET(0x89); /* TLBRBADV */
		fault.has_address = true;
	}
	stub_fault(args, &fault);
}

struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){ .reset_delay_ms = 10000 };
}

/* The CPU itself has no way; the loader names the ACPI reset register. */
void cpu_reset(enum stub_reset how)
{
	(void)how;
}
