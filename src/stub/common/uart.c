/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stub/common/uart.h"

#include "stub/common/cpu.h"

/* 8250 and 16550: registers, 8 bits without parity, and "transmitter holding register empty". */
enum {
	DATA = 0,
	DIVISOR_LOW = 0, /* these two while the latch is open */
	DIVISOR_HIGH = 1,
	LINE = 3,
	LINE_8N1 = 0x03,
	LINE_LATCH = 0x80,
	STATUS = 5,
	STATUS_EMPTY = 0x20,
};

/* Arm PrimeCell UART (PL011), revision r1p5, chapter 3.3: UARTDR, and UARTFR with its TXFF. */
enum {
	PL011_DATA = 0x00,
	PL011_FLAGS = 0x18,
	PL011_FULL = 0x20,
	/* SBSA's generic UART has 32-bit registers only, and the PL011 takes such accesses as well. */
	PL011_WIDTH = 4,
};

/* About a character's time at 300 baud is 33 ms; the wait is longer. */
enum { WAIT_US = 50000 };

static uint32_t get(struct uart uart, uint32_t number)
{
	return (uint32_t)cpu_read(uart.address + (number << uart.shift), uart.width);
}

static void put(struct uart uart, uint32_t number, uint32_t value)
{
	cpu_write(uart.address + (number << uart.shift), uart.width, value);
}

void uart_8250_set_divisor(struct uart uart, uint32_t divisor)
{
	put(uart, LINE, LINE_LATCH | LINE_8N1);
	put(uart, DIVISOR_LOW, divisor & 0xff);
	put(uart, DIVISOR_HIGH, divisor >> 8 & 0xff);
	put(uart, LINE, LINE_8N1);
}

bool uart_8250_put(struct uart uart, char c)
{
	for (int n = 0; n < WAIT_US; n++) {
		if (get(uart, STATUS) & STATUS_EMPTY) {
			put(uart, DATA, (uint8_t)c);
			return true;
		}
		cpu_wait_short();
	}
	return false;
}

bool uart_pl011_put(struct uart uart, char c)
{
	for (int n = 0; n < WAIT_US; n++) {
		if (!(cpu_read(uart.address + PL011_FLAGS, PL011_WIDTH) & PL011_FULL)) {
			cpu_write(uart.address + PL011_DATA, PL011_WIDTH, (uint8_t)c);
			return true;
		}
		cpu_wait_short();
	}
	return false;
}
