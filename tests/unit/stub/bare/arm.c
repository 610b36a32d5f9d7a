/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's 32-bit "virt": devices in the first GiB, RAM in the second; PSCI above us. */
#include "machine.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0x40000000;

enum {
	SERIAL = 0x9000000,
	PSCI_OFF = 0x84000008u,
	MODE = 0x1f,
	MODE_HYP = 0x1a,
	MASKED = 7 << 6,       /* A, I, F */
	MMU_AND_CACHE = 1 | 4, /* of SCTLR: M, C */
};

static uint32_t status(void)
{
	uint32_t value;

	__asm__ volatile("mrs %0, cpsr" : "=r"(value));
	return value;
}

static bool at_hyp(void)
{
	return (status() & MODE) == MODE_HYP;
}

static uint32_t control(void)
{
	uint32_t value;

	if (at_hyp())
		__asm__ volatile("mrc p15, 4, %0, c1, c0, 0" : "=r"(value));
	else
		__asm__ volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(value));
	return value;
}

void cpu_put(char c)
{
	*(volatile uint32_t *)SERIAL = (uint8_t)c;
}

_Noreturn void cpu_off(void)
{
	register uint32_t r0 __asm__("r0") = PSCI_OFF;

	for (;;)
		if (at_hyp())
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

void cpu_arguments(struct stub_args *args, const char *line)
{
	args->console = STUB_CONSOLE_PL011;
	args->console_address = SERIAL;
	args->reset = asked(line, "guess") ? STUB_RESET_CPU
		: at_hyp()                 ? STUB_RESET_PSCI_SMC
					   : STUB_RESET_PSCI_HVC;
}

/* As a running kernel has them: with vectors that are high in memory. */
void cpu_tell_before(void)
{
	if (!at_hyp())
		__asm__ volatile("mcr p15, 0, %0, c1, c0, 0" : : "r"(control() | 1 << 13));
	say_number("before", control());
}

/* r0 to r12, sp and lr; r12 is the register of the jump. */
void cpu_tell_landed(void)
{
	uint64_t others = 0;

	for (int i = 4; i < 15; i++)
		if (i != 12)
			others |= landed[i];
	for (int i = 0; i < 4; i++)
		say_number((const char[4][9]){ "landed_0", "landed_1", "landed_2", "landed_3" }[i],
			landed[i]);
	say_number("others", others);
	say_number("mode", status() & MODE);
	say_number("masked", status() & MASKED);
	say_number("behind", control());
	say_number("mmu_and_cache", control() & MMU_AND_CACHE);
}
