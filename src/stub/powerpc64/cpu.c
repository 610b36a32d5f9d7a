/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ppc64el stub: the time base, and for console and reset the hypervisor (LoPAPR, H_PUT_TERM_CHAR and
 * RTAS's system-reboot) or the firmware (skiboot's OPAL API).
 */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"
#include "stub/powerpc64/powerpc64.h"

enum {
	H_BUSY = 1,
	H_PUT_TERM_CHAR = 0x58,
	OPAL_CONSOLE_WRITE = 1,
	OPAL_CEC_REBOOT = 6,
	OPAL_POLL_EVENTS = 10,
	FIRMWARE = 2, /* registers of the argument block */
	FIRMWARE_BASE,
	TRIES_MAX = 100000,
};

/* How the firmware is entered: in big-endian order, OPAL with 64-bit addresses, RTAS with 32. */
enum { ENTER_OPAL = 0, ENTER_RTAS = 1 };

/* entry.S */
extern const struct stub_args stub_args_block;
uint64_t cpu_enter_firmware(const uint64_t *arguments, uint64_t entry, uint64_t base, int how);
uint64_t cpu_call_hypervisor(uint64_t call, uint64_t first, uint64_t second, uint64_t third);

uint64_t cpu_counter(void)
{
	uint64_t value;

	__asm__ volatile("mftb %0" : "=r"(value));
	return value;
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	return args->counter_khz;
}

/* The time base counts by 512 MHz on all of these CPUs. */
void cpu_wait_short(void)
{
	uint64_t start = cpu_counter();

	while (cpu_counter() - start < 512)
		;
}

uint64_t cpu_read(uint64_t address, uint32_t width)
{
	return memory_read(address, width);
}

void cpu_write(uint64_t address, uint32_t width, uint64_t value)
{
	__asm__ volatile("sync" : : : "memory");
	memory_write(address, width, value);
}

static bool is_hypervisor(void)
{
	uint64_t msr;

	__asm__ volatile("mfmsr %0" : "=r"(msr));
	return msr >> 60 & 1;
}

static uint64_t opal(uint64_t token, uint64_t first, uint64_t second, uint64_t third)
{
	const uint64_t arguments[] = { first, second, third, token };
	const struct stub_args *args = &stub_args_block;

	return cpu_enter_firmware(
		arguments, args->registers[FIRMWARE], args->registers[FIRMWARE_BASE], ENTER_OPAL);
}

static uint64_t big(uint64_t value)
{
	return __builtin_bswap64(value);
}

/* The firmware keeps what it cannot send yet; polled, it sends. */
static void opal_put(uint64_t terminal, char c)
{
	uint64_t length, events;

	for (int n = 0; n < TRIES_MAX; n++) {
		length = big(1);
		if (opal(OPAL_CONSOLE_WRITE, terminal, (uintptr_t)&length, (uintptr_t)&c) == 0)
			break;
		opal(OPAL_POLL_EVENTS, (uintptr_t)&events, 0, 0);
	}
	opal(OPAL_POLL_EVENTS, (uintptr_t)&events, 0, 0);
}

/* Up to 16 characters in two registers, the first in the highest byte. */
static void papr_put(uint64_t terminal, char c)
{
	for (int n = 0; n < TRIES_MAX; n++)
		if (cpu_call_hypervisor(H_PUT_TERM_CHAR, terminal, 1, (uint64_t)(uint8_t)c << 56) !=
			H_BUSY)
			return;
}

void cpu_console_put(uint32_t where, uint32_t *cell, char c)
{
	(void)cell;
	if (where & STUB_CONSOLE_OPAL)
		opal_put(stub_args_block.console_address, c);
	if ((where & STUB_CONSOLE_PAPR) && !is_hypervisor())
		papr_put(stub_args_block.console_address, c);
}

/*
 * With vectors of ours, which stay until the next kernel has its own there. A crash kernel's copies begin with what
 * the dead one had there.
 */
enum stub_verdict cpu_verify(const struct stub_args *args)
{
	uint32_t before[VECTORS_SIZE / 4];
	enum stub_verdict verdict;

	vectors_set(before);
	verdict = stub_verify(args, digest_engines_of_cpu());
	if (verdict == STUB_GOOD && args->copy_count > 0)
		vectors_put_back(before);
	return verdict;
}

/* Nothing is heard, and nothing resets: where the firmware is, only the arguments tell. */
struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){ .reset_delay_ms = 10000 };
}

/* RTAS takes words: the call, how many arguments and results, then these (LoPAPR, "RTAS call argument buffer"). */
static void rtas_reboot(void)
{
	const struct stub_args *args = &stub_args_block;
	volatile uint32_t buffer[] = { __builtin_bswap32((uint32_t)args->reset_value), 0,
		__builtin_bswap32(1), 0 };
	const uint64_t arguments[] = { (uintptr_t)buffer, args->registers[FIRMWARE_BASE], 0, 0 };

	cpu_enter_firmware(
		arguments, args->registers[FIRMWARE], args->registers[FIRMWARE_BASE], ENTER_RTAS);
}

void cpu_reset(enum stub_reset how)
{
	if (how == STUB_RESET_RTAS)
		rtas_reboot();
	if (how == STUB_RESET_OPAL)
		opal(OPAL_CEC_REBOOT, 0, 0, 0);
}
