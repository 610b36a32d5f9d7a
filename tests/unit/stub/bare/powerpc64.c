/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * QEMU's pseries: RAM from 0 on, a hypervisor with a terminal, and RTAS to go down by. The firmware has the machine
 * at 256 MiB, so that the lowest memory is the running kernel's.
 */
#include "machine.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0xfc00000;

enum {
	H_PUT_TERM_CHAR = 0x58,
	H_SET_MODE = 0x31c,
	MODE_ORDER = 4, /* of exceptions */
	ORDER_LITTLE = 1,
	H_RTAS = 0xf000,
	TERMINAL = 0x71000000,
	RTAS_POWER_OFF = 0x2003,
	RTAS_REBOOT = 0x2004,
	RTAS_START_CPU = 0x2006,

	TREE = 0x12600000,
	TREE_BOOT_CPU = 28,
	LOW_SIZE = 0x10000, /* what a crash kernel takes of the dead one's */
	LOW_COPY = 0x12700000,
	FIRST_BYTES = 0x100,
	WAIT = 0x60, /* where other CPUs come in */

	MFTB = 0x7c0c42a6, /* into any register */
	MFTB_MASK = 0xfc1fffff,
};

uint64_t cpu_call(uint64_t number, uint64_t first, uint64_t second, uint64_t third);
extern const uint8_t rtas[];
extern volatile uint64_t landed_other; /* set by the other CPU */

/* Address 0 is one like any other here, which compilers do not believe. */
static uint8_t *low(uint64_t address)
{
	__asm__("" : "+r"(address));
	return (uint8_t *)address;
}

void cpu_put(char c)
{
	while (cpu_call(H_PUT_TERM_CHAR, TERMINAL, 1, (uint64_t)(uint8_t)c << 56) == 1)
		;
}

/* With up to three arguments, of which the call takes count. */
static void call_rtas(uint32_t call, uint32_t count, uint32_t first, uint32_t second)
{
	static uint32_t buffer[8];
	const uint32_t words[] = { call, count, 1, first, second, 0 };

	for (int i = 0; i < 6; i++)
		buffer[i] = __builtin_bswap32(words[i]);
	cpu_call(H_RTAS, (uintptr_t)buffer, 0, 0);
}

_Noreturn void cpu_off(void)
{
	for (;;)
		call_rtas(RTAS_POWER_OFF, 2, 0, 0);
}

static bool has_other(const char *line)
{
	return asked(line, "two");
}

static uint64_t sum(const uint8_t *bytes, uint64_t from)
{
	uint64_t sum = 0;

	for (uint64_t i = from; i < LOW_SIZE; i++)
		sum = sum * 31 + bytes[i];
	return sum;
}

/*
 * Where the stub reads the time there is an instruction that no CPU knows, but for its first time, as it comes in. In
 * real mode this machine takes any address, so that no data makes a fault.
 */
static void break_counter(struct stub_args *args)
{
	uint32_t *words = (uint32_t *)args;
	bool is_first = true;

	for (size_t i = STUB_ENTRY_OFFSET / 4; i < cpu_blob_size / 4; i++)
		if ((words[i] & MFTB_MASK) == MFTB) {
			if (!is_first)
				words[i] = 0;
			is_first = false;
		}
}

void cpu_arguments(struct stub_args *args, const char *line)
{
	if (asked(line, "little"))
		cpu_call(H_SET_MODE, ORDER_LITTLE, MODE_ORDER, 0);
	if (asked(line, "broken"))
		break_counter(args);
	args->console = STUB_CONSOLE_PAPR;
	args->console_address = TERMINAL;
	args->registers[0] = TREE;
	args->registers[1] = has_other(line);
	args->registers[2] = args->registers[3] = (uintptr_t)rtas;
	args->reset = STUB_RESET_RTAS;
	args->reset_value = RTAS_REBOOT;
	args->counter_khz = 512000;
	for (int i = 0; i < LOW_SIZE; i++)
		*low((uint64_t)i) = (uint8_t)(i * 7 + (i >> 8));
	if (asked(line, "copied")) {
		args->copy_count = 1;
		args->copies[0] = (struct stub_copy){ 0, LOW_COPY, LOW_SIZE };
	}
}

static uint64_t state(void)
{
	uint64_t msr;

	__asm__ volatile("mfmsr %0" : "=r"(msr));
	return msr;
}

/* The running kernel's last acts are to copy what other CPUs enter by, and to send them there. */
void cpu_tell_before(void)
{
	const uint8_t *stub = (const uint8_t *)(cpu_memory + 0x2345000);

	for (uint64_t i = 0; i < FIRST_BYTES; i++)
		*low(i) = stub[STUB_ENTRY_OFFSET + i];
	if (has_other((const char *)(cpu_memory + 0x2000000)))
		call_rtas(RTAS_START_CPU, 3, 1, WAIT);
	say_number("before", state());
	say_number("low", sum(low(0), FIRST_BYTES));
}

static bool is_first_of_kernel(void)
{
	for (uint64_t i = 0; i < FIRST_BYTES; i++)
		if (*low(i) != ((const uint8_t *)(uintptr_t)landing)[i])
			return false;
	return true;
}

/* r0 to r31. */
void cpu_tell_landed(void)
{
	uint64_t others = 0;

	for (int n = 0;
		n < 100000000 && !landed_other && has_other((const char *)(cpu_memory + 0x2000000));
		n++)
		;
	for (int i = 0; i < 32; i++)
		if (i != 3 && i != 4)
			others |= landed[i];
	say_number("landed_0", landed[3]);
	say_number("landed_1", landed[4]);
	say_number("entry", (uintptr_t)landing);
	say_number("tree", TREE);
	say_number("others", others);
	say_number("cpu", __builtin_bswap32(*(const uint32_t *)(TREE + TREE_BOOT_CPU)));
	say_number("other", landed_other);
	say_number("first", is_first_of_kernel());
	say_number("behind", state());
	say_number("copied", sum((const uint8_t *)LOW_COPY, FIRST_BYTES));
}
