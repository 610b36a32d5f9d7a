/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * QEMU's s390x machine: RAM from 0 on, the service element's terminal, and the first page, by which the CPU is
 * loaded and a program interruption taken.
 */
#include "machine.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0;

enum {
	/* What the first page has for the CPU. */
	START_PSW = 0,
	PROGRAM_NEW_PSW = 0x1d0,

	WRITE_EVENT_DATA = 0x00760005,
	EVENT_TERMINAL = 0x1a,
	BLOCK_HEADER = 8,
	EVENT_HEADER = 6,

	AGAIN = 0x2910000, /* what the stub writes again on its way out */
	AGAIN_SIZE = 0x2000,
};

#define SHORT_PSW UINT64_C(0x0008000080000000)
#define LONG_PSW  UINT64_C(0x0000000180000000)

extern uint64_t mode; /* the addressing mode's bits of the PSW that start.S found */

/* Address 0 is one like any other here, which compilers do not believe. */
static volatile uint64_t *low(uint64_t address)
{
	__asm__("" : "+r"(address));
	return (volatile uint64_t *)address;
}

void cpu_put(char c)
{
	static uint8_t block[16] __attribute__((aligned(16)));
	uint64_t command = WRITE_EVENT_DATA;

	block[1] = BLOCK_HEADER + EVENT_HEADER + 1;
	block[2] = block[6] = 0;
	block[BLOCK_HEADER + 1] = EVENT_HEADER + 1;
	block[BLOCK_HEADER + 2] = EVENT_TERMINAL;
	block[BLOCK_HEADER + 3] = 0; /* whether it was taken */
	block[BLOCK_HEADER + EVENT_HEADER] = (uint8_t)c;
	__asm__ volatile(
		"0: .insn rre, 0xb2200000, %0, %1\n\tbrc 2, 0b" /* SERVC, as long as it is busy */
		:
		: "d"(command), "a"(block)
		: "cc", "memory");
}

static uint64_t again_sum(void)
{
	const uint64_t *words = (const uint64_t *)AGAIN;
	uint64_t sum = 0;

	for (int i = 0; i < AGAIN_SIZE / 8; i++)
		sum = sum * 31 + words[i];
	return sum;
}

void cpu_arguments(struct stub_args *args, const char *line)
{
	uint64_t stub = (uintptr_t)args;

	for (int i = 0; i < AGAIN_SIZE / 8; i++)
		((uint64_t *)AGAIN)[i] = 0x9e3779b97f4a7c15 * (i + 1);
	args->console = STUB_CONSOLE_SCLP;
	args->registers[0] = AGAIN;
	args->registers[1] = AGAIN_SIZE;
	(void)line;
	*low(START_PSW) = SHORT_PSW | (stub + STUB_ENTRY_OFFSET);
	*low(PROGRAM_NEW_PSW) = LONG_PSW;
	*low(PROGRAM_NEW_PSW + 8) = stub + STUB_ENTRY_OFFSET + STUB_S390X_FAULT;
}

void cpu_tell_before(void)
{
	say_number("before", again_sum());
}

/* r0 to r15; r1 is the register of the jump. */
void cpu_tell_landed(void)
{
	uint64_t others = 0;

	for (int i = 0; i < 16; i++)
		if (i != 1)
			others |= landed[i];
	say_number("landed_0", landed[0]);
	say_number("others", others);
	say_number("mode", mode);
	say_number("behind", again_sum());
}
