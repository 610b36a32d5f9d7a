/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The x86-64 stub between entry.S's two ends: page tables, check, time stamps, and what to do when
 * the check fails. Freestanding; nothing is written but the stack, the record and the devices.
 */
#include "stub/common/verify.h"
#include "stub/x86/ports.h"
#include "stub/x86/restore.h"

_Static_assert(offsetof(struct stub_args, stack) == 112, "entry.S reads it there");
_Static_assert(offsetof(struct stub_args, entry) == 48, "entry.S reads it there");
_Static_assert(offsetof(struct stub_args, registers) == 56, "entry.S reads them there");
_Static_assert(offsetof(struct stub_args, mode) == 136, "entry.S reads it there");
_Static_assert(STUB_MODE_REAL == 2, "entry.S looks for it");
_Static_assert(STUB_ENTRY_OFFSET == 0x400, "entry.S lies there");

_Noreturn void stub_main(const struct stub_args *args, uint64_t entered);
_Noreturn void stub_leave(uint64_t entry, uint64_t rsi, uint64_t rdi);
_Noreturn void stub_leave_32(const struct stub_args *args);

/* Intel SDM volume 3, §2.5. */
enum {
	CR0_MP = 1 << 1,
	CR0_EM = 1 << 2,
	CR0_TS = 1 << 3,
	CR4_OSFXSR = 1 << 9,
	CR4_OSXMMEXCPT = 1 << 10,
	CR4_LA57 = 1 << 12,
};

/* 16550: registers, 8 bits without parity, and the status "transmitter holding register empty". */
enum {
	UART_DIVISOR_LOW = 0, /* these two while the latch is open */
	UART_DIVISOR_HIGH = 1,
	UART_LINE = 3,
	UART_8N1 = 0x03,
	UART_LATCH = 0x80,
	UART_STATUS = 5,
	UART_EMPTY = 0x20,
};

/* 80x25 text: cells of a character and its attribute; ours are white on red. */
enum { VGA_TEXT = 0xb8000, VGA_COLUMNS = 80, VGA_ATTRIBUTE = 0x4f00 };

/* Two rows, so that the longest message fits. */
enum { VGA_CELLS = 2 * VGA_COLUMNS };

static inline uint64_t counter(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline uint64_t cr0_get(void)
{
	uint64_t value;

	__asm__ volatile("movq %%cr0, %0" : "=r"(value));
	return value;
}

static inline uint64_t cr4_get(void)
{
	uint64_t value;

	__asm__ volatile("movq %%cr4, %0" : "=r"(value));
	return value;
}

static inline void cr0_set(uint64_t value)
{
	__asm__ volatile("movq %0, %%cr0" : : "r"(value) : "memory");
}

static inline void cr4_set(uint64_t value)
{
	__asm__ volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

static void wait_ms(uint64_t ms, uint64_t counter_khz)
{
	uint64_t start = counter();

	if (counter_khz == 0) {
		for (uint64_t n = 0; n < ms * 1000; n++)
			wait_short();
		return;
	}
	while (counter() - start < ms * counter_khz)
		__builtin_ia32_pause();
}

/* Where the message goes; the cell is the next one of the screen. */
struct console {
	uint32_t where; /* enum stub_console */
	uint16_t port;
	uint32_t cell;
};

static void serial_set_speed(uint16_t port, uint32_t divisor)
{
	out8(port + UART_LINE, UART_LATCH | UART_8N1);
	out8(port + UART_DIVISOR_LOW, (uint8_t)divisor);
	out8(port + UART_DIVISOR_HIGH, (uint8_t)(divisor >> 8));
	out8(port + UART_LINE, UART_8N1);
}

/* False when the line does not drain: a character takes 33 ms at 300 baud, the wait is longer. */
static bool serial_put(uint16_t port, char c)
{
	for (int n = 0; n < 50000; n++) {
		if (in8(port + UART_STATUS) & UART_EMPTY) {
			out8(port, (uint8_t)c);
			return true;
		}
		wait_short();
	}
	return false;
}

static void console_put(struct console *con, char c)
{
	if (con->where & STUB_CONSOLE_SERIAL && !serial_put(con->port, c))
		con->where &= ~(uint32_t)STUB_CONSOLE_SERIAL;
	if (con->where & STUB_CONSOLE_VGA && c >= ' ' && con->cell < VGA_CELLS) {
		volatile uint16_t *cells = (volatile uint16_t *)(uintptr_t)VGA_TEXT;

		cells[con->cell++] = (uint16_t)(VGA_ATTRIBUTE | c);
	}
}

static void console_text(struct console *con, const char *text)
{
	for (; *text != '\0'; text++)
		console_put(con, *text);
}

static void console_number(struct console *con, uint32_t number)
{
	char digits[10];
	int n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (n > 0)
		console_put(con, digits[--n]);
}

/* The keyboard controller's line, the chipset's register, and a fault that nothing handles. */
static _Noreturn void reset(void)
{
	const struct {
		uint16_t limit;
		uint16_t base[4];
	} no_table = { 0 };

	for (int n = 0; n < 100000 && in8(0x64) & 2; n++)
		wait_short();
	out8(0x64, 0xfe);
	wait_ms(100, 0);
	out8(0xcf9, 0x02);
	out8(0xcf9, 0x06);
	wait_ms(100, 0);
	__asm__ volatile("lidt %0" : : "m"(no_table));
	for (;;)
		__builtin_trap();
}

static _Noreturn void fail(const struct stub_args *args, enum stub_verdict verdict)
{
	/* Whoever reads these consoles reads it; a port without a device swallows it. */
	static const struct stub_args usual = {
		.console = STUB_CONSOLE_SERIAL | STUB_CONSOLE_VGA,
		.serial_port = 0x3f8,
		.reset_delay_ms = 10000,
	};
	struct console con;

	if (verdict == STUB_FOREIGN)
		args = &usual;
	con = (struct console){ args->console, (uint16_t)args->serial_port, 0 };
	if (con.where & STUB_CONSOLE_SERIAL && args->serial_divisor)
		serial_set_speed(con.port, args->serial_divisor);

	console_text(&con, "\r\nsaut: ");
	console_text(&con, stub_verdict_text(verdict, args->check));
	console_text(&con, "; resetting in ");
	console_number(&con, args->reset_delay_ms / 1000);
	console_text(&con, " s\r\n");
	con.where &= ~(uint32_t)STUB_CONSOLE_SERIAL;
	while (con.where & STUB_CONSOLE_VGA && con.cell < VGA_CELLS)
		console_put(&con,
			' '); /* what was on the rest of the rows would look like a part of it */
	wait_ms(args->reset_delay_ms, args->counter_khz);
	reset();
}

static void page_tables_switch(const struct stub_args *args)
{
	uint64_t root = args->page_tables[cr4_get() & CR4_LA57 ? 1 : 0];

	if (root != 0)
		__asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
}

/* The engines for SHA-256 use SSE registers; the next kernel gets the control registers as they were. */
static enum stub_verdict verify_with_sse(const struct stub_args *args)
{
	const uint64_t cr0 = cr0_get(), cr4 = cr4_get();
	enum stub_verdict verdict;

	cr0_set((cr0 & ~(uint64_t)(CR0_EM | CR0_TS)) | CR0_MP);
	cr4_set(cr4 | CR4_OSFXSR | CR4_OSXMMEXCPT);
	verdict = stub_verify(args, digest_engines_of_cpu());
	cr4_set(cr4);
	cr0_set(cr0);
	return verdict;
}

_Noreturn void stub_main(const struct stub_args *args, uint64_t entered)
{
	struct stub_record *record = (struct stub_record *)(uintptr_t)args->record;
	enum stub_verdict verdict = stub_understand(args);
	uint64_t verified = entered;

	if (verdict != STUB_GOOD)
		fail(args, verdict);
	page_tables_switch(args);
	if (args->restore & STUB_RESTORE_VGA)
		restore_vga();
	verdict = verify_with_sse(args);
	if (verdict == STUB_GOOD && args->mode == STUB_MODE_REAL && !restore_finds_bios())
		verdict = STUB_NO_FIRMWARE;
	if (verdict != STUB_GOOD)
		fail(args, verdict);
	if (args->restore & STUB_RESTORE_INTERRUPTS)
		restore_interrupts();
	if (args->check != STUB_CHECK_NONE)
		verified = counter();
	if (args->record != 0) {
		record->entered = entered;
		record->verified = verified;
		record->check = args->check;
		record->left = counter();
	}
	if (args->mode != STUB_MODE_64)
		stub_leave_32(args);
	stub_leave(args->entry, args->registers[0], args->registers[1]);
}
