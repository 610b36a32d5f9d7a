/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kernels of our own share: words on the first serial port, and the machine's reset. */
#pragma once

#include <stdint.h>

static inline void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void put(char c)
{
	while (!(in8(0x3f8 + 5) & 0x20))
		;
	out8(0x3f8, (uint8_t)c);
}

static inline void say(const char *text)
{
	for (; *text; text++)
		put(*text);
}

static inline void number(uint64_t n)
{
	say(" 0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		put("0123456789abcdef"[n >> shift & 15]);
}

static inline void line(const char *what, const char *text)
{
	say("@@ ");
	say(what);
	put(' ');
	say(text);
	put('\n');
}

static inline void reset(void)
{
	out8(0x64, 0xfe);
	for (;;)
		;
}
