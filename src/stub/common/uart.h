/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serial lines, polled, as the last kernel programmed them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct uart {
	uint64_t address;
	uint32_t shift; /* of a register's number */
	uint32_t width; /* bytes of an access; 0: I/O ports */
};

/* False when the line does not drain; then the character is lost, and the next one will be. */
bool uart_8250_put(struct uart uart, char c);
bool uart_pl011_put(struct uart uart, char c);

/* Of 115200 baud, 8 bits without parity. */
void uart_8250_set_divisor(struct uart uart, uint32_t divisor);
