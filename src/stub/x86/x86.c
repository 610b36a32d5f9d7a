/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What x86-64 and i386 have in common: counter, ports, text screen, ways to reset, SSE. */
#include "stub/x86/x86.h"

#include <cpuid.h>

#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"
#include "stub/x86/ports.h"
#include "stub/x86/restore.h"

/* 80x25 text: cells of a character and its attribute; ours are white on red. */
enum { VGA_TEXT = 0xb8000, VGA_COLUMNS = 80, VGA_ATTRIBUTE = 0x4f00 };

/* Two rows, so that the longest message fits. */
enum { VGA_CELLS = 2 * VGA_COLUMNS };

enum {
	KEYBOARD_COMMAND = 0x64,
	KEYBOARD_BUSY = 0x02,
	KEYBOARD_PULSE_RESET = 0xfe,
	CHIPSET_RESET = 0xcf9,
};

/* Of EDX by CPUID's leaf 1, for which gcc has no name. */
enum { CPUID_MCE = 1 << 7 };

/* Intel SDM volume 3, §2.5. */
enum {
	CR0_MP = 1 << 1,
	CR0_EM = 1 << 2,
	CR0_TS = 1 << 3,
	CR4_MCE = 1 << 6,
	CR4_OSFXSR = 1 << 9,
	CR4_OSXMMEXCPT = 1 << 10,
};

static inline uintptr_t cr0_get(void)
{
	uintptr_t value;

	__asm__ volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static inline uintptr_t cr4_get(void)
{
	uintptr_t value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static inline void cr0_set(uintptr_t value)
{
	__asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

static inline void cr4_set(uintptr_t value)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

uint64_t cpu_counter(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	return args->counter_khz;
}

void cpu_wait_short(void)
{
	wait_short();
}

uint64_t cpu_read(uint64_t address, uint32_t width)
{
	switch (width) {
	case 0:
	case CPU_PORT | 1:
		return in8((uint16_t)address);
	case CPU_PORT | 2:
		return in16((uint16_t)address);
	case CPU_PORT | 4:
		return in32((uint16_t)address);
	default:
		return memory_read(address, width);
	}
}

void cpu_write(uint64_t address, uint32_t width, uint64_t value)
{
	switch (width) {
	case 0:
	case CPU_PORT | 1:
		out8((uint16_t)address, (uint8_t)value);
		break;
	case CPU_PORT | 2:
		out16((uint16_t)address, (uint16_t)value);
		break;
	case CPU_PORT | 4:
		out32((uint16_t)address, (uint32_t)value);
		break;
	default:
		memory_write(address, width, value);
		break;
	}
}

void cpu_console_put(uint32_t where, uint32_t *cell, char c)
{
	volatile uint16_t *cells = (volatile uint16_t *)(uintptr_t)VGA_TEXT;

	if (!(where & STUB_CONSOLE_VGA))
		return;
	if (c >= ' ' && *cell < VGA_CELLS)
		cells[(*cell)++] = (uint16_t)(VGA_ATTRIBUTE | c);
	/* What was on the rest of the rows would look like a part of the message. */
	while (c == '\n' && *cell > 0 && *cell < VGA_CELLS)
		cells[(*cell)++] = VGA_ATTRIBUTE | ' ';
}

/* Whoever reads these consoles reads it; a port without a device swallows it. */
struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){
		.console = STUB_CONSOLE_SERIAL | STUB_CONSOLE_VGA,
		.serial_port = 0x3f8,
		.reset_delay_ms = 10000,
	};
}

static void wait_100_ms(void)
{
	for (int n = 0; n < 100000; n++)
		cpu_wait_short();
}

/* The keyboard controller's line, the chipset's register, and a fault that nothing handles. */
void cpu_reset(enum stub_reset how)
{
	const struct __attribute__((packed)) {
		uint16_t limit;
		uintptr_t base;
	} no_table = { 0, 0 };

	(void)how;
	for (int n = 0; n < 100000 && in8(KEYBOARD_COMMAND) & KEYBOARD_BUSY; n++)
		cpu_wait_short();
	out8(KEYBOARD_COMMAND, KEYBOARD_PULSE_RESET);
	wait_100_ms();
	out8(CHIPSET_RESET, 0x02);
	out8(CHIPSET_RESET, 0x06);
	wait_100_ms();
	__asm__ volatile("lidt %0" : : "m"(no_table));
	__builtin_trap();
}

_Noreturn void cpu_stop(void)
{
	for (;;)
		__asm__ volatile("hlt");
}

/* Intel SDM volume 3, §6.15: of all exceptions only a page fault leaves an address, in CR2. */
enum { PAGE_FAULT = 14 };

_Noreturn void x86_fault(
	const struct stub_args *args, uint32_t vector, uintptr_t code, uintptr_t at)
{
	struct stub_fault fault = {
		.exception = vector,
		.code = code,
		.at = at,
		.has_address = vector == PAGE_FAULT,
	};
	uintptr_t cr2;

	__asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
	fault.address = cr2;
	stub_fault(args, &fault);
}

/*
 * The engines for SHA-256 use SSE registers; a CPU that has none has no such bits in CR4 either. Nor is a machine
 * check told of unless it is asked for, it resets the machine.
 */
static enum stub_verdict verify_with_sse(const struct stub_args *args)
{
	const uintptr_t cr0 = cr0_get(), cr4 = cr4_get();
	enum stub_verdict verdict;
	unsigned int a, b, c, d;

	__cpuid(1, a, b, c, d);
	if (d & CPUID_MCE)
		cr4_set(cr4 | CR4_MCE);
	if (d & bit_FXSAVE && d & bit_SSE) {
		cr0_set((cr0 & ~(uintptr_t)(CR0_EM | CR0_TS)) | CR0_MP);
		cr4_set(cr4_get() | CR4_OSFXSR | CR4_OSXMMEXCPT);
	}
	verdict = stub_verify(args, digest_engines_of_cpu());
	cr4_set(cr4);
	cr0_set(cr0);
	return verdict;
}

enum stub_verdict x86_verify(const struct stub_args *args)
{
	enum stub_verdict verdict;

	if (args->restore & STUB_RESTORE_VGA)
		restore_vga();
	verdict = verify_with_sse(args);
	if (verdict == STUB_GOOD && args->mode == STUB_MODE_REAL && !restore_finds_bios())
		verdict = STUB_NO_FIRMWARE;
	if (verdict == STUB_GOOD && args->restore & STUB_RESTORE_INTERRUPTS)
		restore_interrupts();
	return verdict;
}
