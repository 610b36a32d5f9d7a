/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stub/common/fail.h"

#include "stub/common/cpu.h"
#include "stub/common/uart.h"

/* Where the message goes. A line that does not drain is left out from then on. */
struct console {
	const struct stub_args *args;
	uint32_t where; /* enum stub_console */
	uint32_t cell;  /* the next one of a text screen */
};

static struct uart ports(const struct stub_args *args)
{
	return (struct uart){ .address = args->serial_port };
}

static struct uart in_memory(const struct stub_args *args)
{
	return (struct uart){ args->console_address, args->console_shift,
		args->console_width ? args->console_width : 1 };
}

static void silence_if(struct console *con, bool stuck, enum stub_console which)
{
	if (stuck)
		con->where &= ~(uint32_t)which;
}

static void put(struct console *con, char c)
{
	if (con->where & STUB_CONSOLE_SERIAL)
		silence_if(con, !uart_8250_put(ports(con->args), c), STUB_CONSOLE_SERIAL);
	if (con->where & STUB_CONSOLE_8250_MMIO)
		silence_if(con, !uart_8250_put(in_memory(con->args), c), STUB_CONSOLE_8250_MMIO);
	if (con->where & STUB_CONSOLE_PL011)
		silence_if(con, !uart_pl011_put(in_memory(con->args), c), STUB_CONSOLE_PL011);
	cpu_console_put(con->where, &con->cell, c);
}

static void put_text(struct console *con, const char *text)
{
	for (; *text != '\0'; text++)
		put(con, *text);
}

static void put_number(struct console *con, uint32_t number)
{
	char digits[10];
	int n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (n > 0)
		put(con, digits[--n]);
}

static void set_speed(const struct stub_args *args)
{
	if (args->serial_divisor == 0)
		return;
	if (args->console & STUB_CONSOLE_SERIAL)
		uart_8250_set_divisor(ports(args), args->serial_divisor);
	if (args->console & STUB_CONSOLE_8250_MMIO)
		uart_8250_set_divisor(in_memory(args), args->serial_divisor);
}

static void wait_ms(const struct stub_args *args, uint64_t ms)
{
	uint64_t start = cpu_counter(), khz = cpu_counter_khz(args);

	if (khz == 0)
		for (uint64_t n = 0; n < ms * 1000; n++)
			cpu_wait_short();
	while (cpu_counter() - start < ms * khz)
		cpu_wait_short();
}

/* In two halves: a 32-bit CPU would call a function, which nobody has, to shift the whole. */
static void put_fact(struct console *con, const char *name, uint64_t value)
{
	uint32_t halves[] = { (uint32_t)value, (uint32_t)(value >> 32) };
	int n = 15;

	put_text(con, name);
	put_text(con, " 0x");
	while (n > 0 && (halves[n / 8] >> n % 8 * 4 & 15) == 0)
		n--;
	for (; n >= 0; n--)
		put(con, "0123456789abcdef"[halves[n / 8] >> n % 8 * 4 & 15]);
}

static void put_fault(struct console *con, const struct stub_fault *fault)
{
	put_fact(con, " (exception", fault->exception);
	put_fact(con, ", code", fault->code);
	put_fact(con, ", at", fault->at);
	if (fault->has_address)
		put_fact(con, ", address", fault->address);
	put(con, ')');
}

/* fault is null but for STUB_FAULTED. */
static _Noreturn void fail(
	const struct stub_args *args, enum stub_verdict verdict, const struct stub_fault *fault)
{
	const struct stub_args usual = cpu_usual_args();
	struct console con;

	if (stub_understand(args) == STUB_FOREIGN)
		args = &usual;
	con = (struct console){ args, args->console, 0 };
	set_speed(args);

	put_text(&con, "\r\nsaut: ");
	put_text(&con, stub_verdict_text(verdict, args->check));
	if (fault)
		put_fault(&con, fault);
	put_text(&con, "; resetting in ");
	put_number(&con, args->reset_delay_ms / 1000);
	put_text(&con, " s\r\n");
	wait_ms(args, args->reset_delay_ms);

	if (args->reset == STUB_RESET_WRITE)
		cpu_write(args->reset_address, args->reset_width, args->reset_value);
	else
		cpu_reset((enum stub_reset)args->reset);
	put_text(&con, "saut: the machine cannot be reset from here\r\n");
	cpu_stop();
}

_Noreturn void stub_fail(const struct stub_args *args, enum stub_verdict verdict)
{
	fail(args, verdict, NULL);
}

_Noreturn void stub_fault(const struct stub_args *args, const struct stub_fault *fault)
{
	fail(args, STUB_FAULTED, fault);
}
