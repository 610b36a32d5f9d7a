/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QEMU's arm64 "virt": devices in the first GiB, RAM in the second; PSCI above us. */
#include "machine.h"

const uint8_t cpu_blob[] = {
#include STUB_BLOB
};
const size_t cpu_blob_size = sizeof(cpu_blob);
const uint64_t cpu_memory = 0x40000000;

extern uint64_t el2; /* 1: start.S found itself at EL2, 2: and switched to the way of EL1 there */

enum {
	SERIAL = 0x9000000,
	PSCI_OFF = 0x84000008u,
	PAGE_TABLE = 1 << 0 | 1 << 1,
	BLOCK_NORMAL = 1 << 0 | 3 << 8 | 1 << 10, /* attribute 0, shared, accessed */
	BLOCK_DEVICE = 1 << 0 | 1 << 2 | 1 << 10, /* attribute 1 */
	MOVED_FROM = 0x8000000 >> 21, /* 2-MiB blocks of memory: what is read at the first */
	MOVED_TO = 0x9000000 >> 21,   /* lies at the second, when the MMU is on */
	BLOCK = 1 << 21,
};

static uint64_t level_0[512] __attribute__((aligned(4096)));
static uint64_t level_1[512] __attribute__((aligned(4096)));
static uint64_t level_2[512] __attribute__((aligned(4096)));

#define SYSTEM_GET(name)                                          \
	({                                                        \
		uint64_t value_;                                  \
		__asm__ volatile("mrs %0, " name : "=r"(value_)); \
		value_;                                           \
	})

void cpu_put(char c)
{
	*(volatile uint32_t *)SERIAL = (uint8_t)c;
}

_Noreturn void cpu_off(void)
{
	register uint64_t x0 __asm__("x0") = PSCI_OFF;

	for (;;)
		if (el2)
			__asm__ volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
		else
			__asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}

static void tables_make(bool moved)
{
	level_0[0] = (uintptr_t)level_1 | PAGE_TABLE;
	level_1[0] = BLOCK_DEVICE;
	level_1[1] = (uintptr_t)level_2 | PAGE_TABLE;
	for (uint64_t i = 0; i < 512; i++)
		level_2[i] = cpu_memory + i * BLOCK + BLOCK_NORMAL;
	if (moved)
		level_2[MOVED_FROM] = cpu_memory + MOVED_TO * (uint64_t)BLOCK + BLOCK_NORMAL;
}

/* Only who reads through the tables finds the bytes of the last region as they were. */
static void move_away(void)
{
	volatile uint8_t *from = (volatile uint8_t *)(cpu_memory + MOVED_FROM * (uint64_t)BLOCK);
	volatile uint8_t *to = (volatile uint8_t *)(cpu_memory + MOVED_TO * (uint64_t)BLOCK);

	for (size_t i = 0; i < 4096; i++) {
		to[i] = from[i];
		from[i] ^= 0xff;
	}
}

static bool is_moved(const char *line)
{
	return asked(line, "moved");
}

void cpu_arguments(struct stub_args *args, const char *line)
{
	args->console = STUB_CONSOLE_PL011;
	args->console_address = SERIAL;
	args->reset = asked(line, "guess") ? STUB_RESET_CPU
		: el2                      ? STUB_RESET_PSCI_SMC
					   : STUB_RESET_PSCI_HVC;
	if (asked(line, "write"))
		args->reset = STUB_RESET_WRITE;
	if (asked(line, "mmu")) {
		tables_make(is_moved(line));
		args->page_tables[0] = (uintptr_t)level_0;
	}
}

static void tell_state(const char *name)
{
	uint64_t sctlr = el2 ? SYSTEM_GET("sctlr_el2") : SYSTEM_GET("sctlr_el1");
	uint64_t fp = el2 ? SYSTEM_GET("cptr_el2") : SYSTEM_GET("cpacr_el1");

	say_number(name, sctlr << 32 | fp);
}

void cpu_tell_before(void)
{
	if (is_moved((const char *)(cpu_memory + 0x2000000)))
		move_away();
	tell_state("before");
}

/* x0 to x30, and the stack pointer; x17 is the register of the jump. */
void cpu_tell_landed(void)
{
	uint64_t others = 0;

	for (int i = 4; i < 31; i++)
		if (i != 17)
			others |= landed[i];
	for (int i = 0; i < 4; i++)
		say_number((const char[4][9]){ "landed_0", "landed_1", "landed_2", "landed_3" }[i],
			landed[i]);
	say_number("others", others);
	say_number("el", SYSTEM_GET("CurrentEL") >> 2);
	say_number("masked", SYSTEM_GET("daif"));
	tell_state("behind");
	say_number("mmu_and_cache", (el2 ? SYSTEM_GET("sctlr_el2") : SYSTEM_GET("sctlr_el1")) & 5);
}
