/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A 32-bit PC: RAM from 0 on, as a 32-bit kernel leaves it before it jumps. */
#include "machine.h"

#include "stub/x86/ports.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0;

extern uint16_t selectors[6]; /* cs, ds, es, ss, fs, gs as the stub left them */

enum {
	SERIAL = 0x3f8,
	POWER = 0x604,
	POWER_OFF = 0x2000,
};

void cpu_put(char c)
{
	out8(SERIAL, (uint8_t)c);
}

_Noreturn void cpu_off(void)
{
	for (;;)
		out16(POWER, POWER_OFF);
}

/* A debug exception when those bytes are written; there is no paging, and so no page fault. */
static void watch(uint32_t address)
{
	__asm__ volatile("movl %0, %%dr0; movl %1, %%dr7" : : "r"(address), "r"(0xd0003));
}

void cpu_arguments(struct stub_args *args, const char *line)
{
	args->mode = STUB_MODE_32;
	args->console = STUB_CONSOLE_SERIAL | STUB_CONSOLE_VGA;
	args->serial_port = SERIAL;
	args->counter_khz = asked(line, "khz") ? 10000 : 0;
	if (asked(line, "watched"))
		watch((uint32_t)args->record + offsetof(struct stub_record, entered));
}

static uint64_t control_registers(void)
{
	uint32_t cr0, cr4;

	__asm__ volatile("mov %%cr0, %0; mov %%cr4, %1" : "=r"(cr0), "=r"(cr4));
	return (uint64_t)cr0 << 32 | cr4;
}

void cpu_tell_before(void)
{
	say_number("before", control_registers());
}

/* Of the table of exceptions: the stub's own is gone. */
static uint16_t exceptions_limit(void)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint32_t base;
	} table;

	__asm__ volatile("sidt %0" : "=m"(table));
	return table.limit;
}

/* eax, ecx, edx, ebx, esp, ebp, esi, edi, flags. */
void cpu_tell_landed(void)
{
	say_number("landed_0", landed[0]);
	say_number("landed_1", landed[3]);
	say_number("landed_2", landed[6]);
	say_number("landed_3", landed[7]);
	say_number("others", landed[1] | landed[2] | landed[5]);
	say_number("flags", landed[8]);
	say_number("behind", control_registers());
	say_number("exceptions", exceptions_limit());
	say_number("cs", selectors[0]);
	for (int i = 1; i < 6; i++)
		if (selectors[i] != 0x18)
			say_number("strange_selector", selectors[i]);
}
