/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arm64 stub: the virtual counter, floating-point registers for the digests, and PSCI. */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"

/* Arm DEN 0022 (PSCI), §5.1. */
enum { PSCI_SYSTEM_RESET = 0x84000009u };

/* CPACR_EL1.FPEN, and CPTR_EL2's where it has the same fields; else its TFP. */
enum {
	FPEN = 3 << 20,
	TFP = 1 << 10,
};

#define HCR_E2H (UINT64_C(1) << 34)

#define SYSTEM_GET(name)                                          \
	({                                                        \
		uint64_t value_;                                  \
		__asm__ volatile("mrs %0, " name : "=r"(value_)); \
		value_;                                           \
	})

#define SYSTEM_SET(name, value) \
	__asm__ volatile("msr " name ", %0; isb" : : "r"((uint64_t)(value)) : "memory")

static bool at_el2(void)
{
	return SYSTEM_GET("CurrentEL") >> 2 == 2;
}

uint64_t cpu_counter(void)
{
	__asm__ volatile("isb" : : : "memory");
	return SYSTEM_GET("cntvct_el0");
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	uint64_t hz = SYSTEM_GET("cntfrq_el0");

	return args->counter_khz ? args->counter_khz : (uint32_t)(hz / 1000);
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
	memory_write(address, width, value);
}

void cpu_console_put(uint32_t where, uint32_t *cell, char c)
{
	(void)where;
	(void)cell;
	(void)c;
}

/* The engines may use the registers of floating point, which a kernel switches off. */
enum stub_verdict cpu_verify(const struct stub_args *args)
{
	enum stub_verdict verdict;
	uint64_t before;

	if (!at_el2()) {
		before = SYSTEM_GET("cpacr_el1");
		SYSTEM_SET("cpacr_el1", before | FPEN);
		verdict = stub_verify(args, digest_engines_of_cpu());
		SYSTEM_SET("cpacr_el1", before);
		return verdict;
	}
	before = SYSTEM_GET("cptr_el2");
	if (SYSTEM_GET("hcr_el2") & HCR_E2H)
		SYSTEM_SET("cptr_el2", before | FPEN);
	else
		SYSTEM_SET("cptr_el2", before & ~(uint64_t)TFP);
	verdict = stub_verify(args, digest_engines_of_cpu());
	SYSTEM_SET("cptr_el2", before);
	return verdict;
}

/*
 * Arm ARM, D17.2.37 (ESR_EL1): the classes that come with an address, which are aborts of instructions and of
 * data, from here and from below, unless bit 10 (FnV) says that it is not known; and a misaligned PC.
 */
static bool has_address(uint64_t syndrome)
{
	uint64_t class = syndrome >> 26 & 63;

	return class == 0x22 ||
		(((class & ~UINT64_C(1)) == 0x20 || (class & ~UINT64_C(1)) == 0x24) &&
			!(syndrome & 1 << 10));
}

_Noreturn void cpu_fault(const struct stub_args *args)
{
	bool two = at_el2();
	uint64_t syndrome = two ? SYSTEM_GET("esr_el2") : SYSTEM_GET("esr_el1");
	struct stub_fault fault = {
		.exception = syndrome >> 26 & 63,
		.code = syndrome & 0x1ffffff,
		.at = two ? SYSTEM_GET("elr_el2") : SYSTEM_GET("elr_el1"),
		.address = two ? SYSTEM_GET("far_el2") : SYSTEM_GET("far_el1"),
		.has_address = has_address(syndrome),
	};

	stub_fault(args, &fault);
}

struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){ .reset_delay_ms = 10000 };
}

/* At EL2 the firmware is below us; at EL1 there is most often a hypervisor. */
void cpu_reset(enum stub_reset how)
{
	register uint64_t x0 __asm__("x0") = PSCI_SYSTEM_RESET;

	if (how == STUB_RESET_PSCI_SMC || (how == STUB_RESET_CPU && at_el2()))
		__asm__ volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
	else
		__asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}
