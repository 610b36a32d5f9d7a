/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's loongarch64 "virt": RAM from 0 on, an 8250, and registers of ACPI to go down by. */
#include "machine.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0;

#define UNCACHED (UINT64_C(8) << 60)
#define CACHED   (UINT64_C(9) << 60)

enum {
	SERIAL = 0x1fe001e0,
	SLEEP = 0x100e001c,
	SLEEP_OFF = 0x34,
	RESET = 0x100e001e,
	RESET_VALUE = 0x42,
};

#define CSR_GET(number)                                                \
	({                                                             \
		uint64_t value_;                                       \
		__asm__ volatile("csrrd %0, " #number : "=r"(value_)); \
		value_;                                                \
	})

extern uint64_t window; /* what start.S found in DMW3 when the stub was gone */

void cpu_put(char c)
{
	*(volatile uint8_t *)(UNCACHED | SERIAL) = (uint8_t)c;
}

_Noreturn void cpu_off(void)
{
	for (;;)
		*(volatile uint8_t *)(UNCACHED | SLEEP) = SLEEP_OFF;
}

void cpu_arguments(struct stub_args *args, const char *line)
{
	args->entry |= CACHED; /* as Linux is entered; the linker knows of no window */
	args->console = STUB_CONSOLE_8250_MMIO;
	args->console_address = SERIAL;
	args->reset = STUB_RESET_WRITE;
	args->reset_address = RESET;
	args->reset_value = RESET_VALUE;
	args->reset_width = 1;
	args->counter_khz = asked(line, "khz") ? 100000 : 0;
}

void cpu_tell_before(void)
{
	say_number("before", CSR_GET(0) & 0x1f);
}

/* r0 to r31; a0 to a2 are r4 to r6, and r12, the first temporary, holds the entry's address. */
void cpu_tell_landed(void)
{
	uint64_t others = 0;

	for (int i = 1; i < 32; i++)
		if (i != 4 && i != 5 && i != 6 && i != 12)
			others |= landed[i];
	say_number("landed_0", landed[4]);
	say_number("landed_1", landed[5]);
	say_number("landed_2", landed[6]);
	say_number("others", others);
	say_number("window", window);
	say_number("behind", CSR_GET(0) & 0x1f);
}
