/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's riscv64 "virt": RAM from 2 GiB on, OpenSBI below us, an 8250 and the test device. */
#include "machine.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0x80000000;

enum {
	SERIAL = 0x10000000,
	TEST = 0x100000,
	TEST_PASS = 0x5555,
	TEST_RESET = 0x7777,
};

void cpu_put(char c)
{
	*(volatile uint8_t *)SERIAL = (uint8_t)c;
}

_Noreturn void cpu_off(void)
{
	for (;;)
		*(volatile uint32_t *)TEST = TEST_PASS;
}

void cpu_arguments(struct stub_args *args, const char *line)
{
	args->console = STUB_CONSOLE_SBI;
	if (asked(line, "uart")) {
		args->console = STUB_CONSOLE_8250_MMIO;
		args->console_address = SERIAL;
	}
	if (asked(line, "write")) {
		args->reset = STUB_RESET_WRITE;
		args->reset_address = TEST;
		args->reset_width = 4;
		args->reset_value = TEST_RESET;
	}
	args->counter_khz = asked(line, "khz") ? 10000 : 0;
}

static uint64_t state(void)
{
	uint64_t satp, sie, sstatus;

	__asm__ volatile("csrr %0, satp; csrr %1, sie; csrr %2, sstatus"
		: "=r"(satp), "=r"(sie), "=r"(sstatus));
	return satp | sie | (sstatus & 2);
}

void cpu_tell_before(void)
{
	say_number("hart", landed[10]);
}

/* x0 to x31, and x5, the first temporary, holds the entry's address by the convention of a jump. */
void cpu_tell_landed(void)
{
	uint64_t others = 0;

	for (int i = 1; i < 32; i++)
		if (i != 5 && i != 10 && i != 11)
			others |= landed[i];
	say_number("landed_0", landed[10]);
	say_number("landed_1", landed[11]);
	say_number("others", others);
	say_number("state", state());
}
