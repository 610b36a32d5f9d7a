/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The riscv64 stub: the time CSR, and the firmware (SBI 2.0) for console and reset. */
#include "stub/common/cpu.h"
#include "stub/common/fail.h"
#include "stub/common/memory.h"

/* Extensions and their functions; the legacy ones (chapter 5) have no functions. */
enum {
	SBI_LEGACY_PUTCHAR = 0x01,
	SBI_LEGACY_SHUTDOWN = 0x08,
	SBI_BASE = 0x10,
	SBI_BASE_PROBE = 3,
	SBI_CONSOLE = 0x4442434e, /* DBCN */
	SBI_CONSOLE_WRITE_BYTE = 2,
	SBI_RESET = 0x53525354, /* SRST */
	SBI_RESET_COLD = 1,
	SBI_RESET_SYSTEM_FAILURE = 1,
};

struct sbi_answer {
	long error, value;
};

static struct sbi_answer sbi(
	long extension, long function, unsigned long first, unsigned long second)
{
	register unsigned long a0 __asm__("a0") = first;
	register unsigned long a1 __asm__("a1") = second;
	register long a6 __asm__("a6") = function;
	register long a7 __asm__("a7") = extension;

	__asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
	return (struct sbi_answer){ (long)a0, (long)a1 };
}

static bool sbi_has(long extension)
{
	struct sbi_answer answer = sbi(SBI_BASE, SBI_BASE_PROBE, (unsigned long)extension, 0);

	return answer.error == 0 && answer.value != 0;
}

uint64_t cpu_counter(void)
{
	uint64_t value;

	__asm__ volatile("rdtime %0" : "=r"(value));
	return value;
}

uint32_t cpu_counter_khz(const struct stub_args *args)
{
	return args->counter_khz;
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
	__asm__ volatile("fence iorw, iorw" : : : "memory");
	memory_write(address, width, value);
}

void cpu_console_put(uint32_t where, uint32_t *cell, char c)
{
	(void)cell;
	if (!(where & STUB_CONSOLE_SBI))
		return;
	if (sbi_has(SBI_CONSOLE))
		sbi(SBI_CONSOLE, SBI_CONSOLE_WRITE_BYTE, (uint8_t)c, 0);
	else
		sbi(SBI_LEGACY_PUTCHAR, 0, (uint8_t)c, 0);
}

enum stub_verdict cpu_verify(const struct stub_args *args)
{
	return stub_verify(args, digest_engines_of_cpu());
}

/* RISC-V privileged specification, 4.1.8 and 4.1.9: stval is an address, an instruction, or 0 where it is nothing. */
_Noreturn void cpu_fault(const struct stub_args *args)
{
	struct stub_fault fault = { .has_address = true };

	__asm__ volatile("csrr %0, scause; csrr %1, sepc; csrr %2, stval"
		: "=r"(fault.exception), "=r"(fault.at), "=r"(fault.address));
	stub_fault(args, &fault);
}

struct stub_args cpu_usual_args(void)
{
	return (struct stub_args){ .console = STUB_CONSOLE_SBI, .reset_delay_ms = 10000 };
}

void cpu_reset(enum stub_reset how)
{
	(void)how;
	sbi(SBI_RESET, 0, SBI_RESET_COLD, SBI_RESET_SYSTEM_FAILURE);
	sbi(SBI_LEGACY_SHUTDOWN, 0, 0, 0);
}
