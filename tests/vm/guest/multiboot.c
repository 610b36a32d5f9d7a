/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel of our own for Multiboot version 1 or 2 (-DVERSION), with the header's own addresses or
 * without (-DADDRESSES): says on the first serial port what it was told, line by line, and resets
 * the machine. Built by multiboot.py.
 */
#include "bare.h"

#define STRING_OF(x) #x
#define STRING(x)    STRING_OF(x)

#if VERSION == 1
#define HEADER(flags) ".long 0x1badb002, " flags ", -(0x1badb002 + " flags ")\n"
#if ADDRESSES /* the header's own, as for files that are no ELF */
#define FLAGS "0x10003"
#define REST  ".long header, 0x200000, 0, _end, start\n"
#else
#define FLAGS "3"
#define REST  ""
#endif
#else
#define HEADER(flags)                                \
	".long 0xe85250d6, 0, header_end - header\n" \
	".long -(0xe85250d6 + header_end - header)\n"
#define FLAGS ""
/* A demand for the map, modules on pages; the ELF says that it may be moved, as long as nobody does. */
#define REST                                   \
	".word 1, 0\n.long 12, 6\n.balign 8\n" \
	".word 6, 0\n.long 8\n" MOVABLE ".word 0, 0\n.long 8\n"
#if ADDRESSES
#define MOVABLE                                             \
	".word 2, 0\n.long 24, header, 0x200000, 0, _end\n" \
	".word 3, 0\n.long 12, start\n.balign 8\n"
#else
#define MOVABLE ".word 10, 1\n.long 24, 0x100000, 0xffffffff, 0x1000, 1\n"
#endif
#endif

__asm__(".text\n"
	".balign 8\n"
	"header:\n" HEADER(FLAGS) REST "header_end:\n"
				       ".globl start\n"
				       "start:\n"
				       "	movl $stack + 16384, %esp\n"
				       "	pushl %ebx\n"
				       "	pushl %eax\n"
				       "	call say_all\n"
				       "	ud2\n");

uint8_t stack[16384];                   /* known to the assembler */
static volatile uint32_t cleared[1024]; /* in .bss: by the loader */

static void entry(uint64_t start, uint64_t size, uint32_t type)
{
	say("@@ memory");
	number(start);
	number(size);
	number(type);
	put('\n');
}

/* All bytes of a module are added up. */
static void module(uint32_t start, uint32_t end, const char *words)
{
	uint32_t sum = 0;

	for (uint32_t at = start; at < end; at++)
		sum += *(const uint8_t *)at;
	say("@@ module");
	number(start);
	number(end - start);
	number(sum);
	put(' ');
	say(words);
	put('\n');
}

static uint32_t word(uint32_t at)
{
	return *(const uint32_t *)at;
}

static uint64_t long_word(uint32_t at)
{
	return word(at) | (uint64_t)word(at + 4) << 32;
}

#if VERSION == 1
static void say_information(uint32_t info)
{
	uint32_t map = word(info + 48), modules = word(info + 24);

	say("@@ flags");
	number(word(info));
	put('\n');
	line("line", (const char *)word(info + 16));
	line("loader", (const char *)word(info + 64));
	for (uint32_t at = map; at < map + word(info + 44); at += word(at) + 4)
		entry(long_word(at + 4), long_word(at + 12), word(at + 20));
	for (uint32_t i = 0; i < word(info + 20); i++, modules += 16)
		module(word(modules), word(modules + 4), (const char *)word(modules + 8));
}
#else
/* As it is, and that the sum of its bytes is 0. */
static void root_pointer(uint32_t at, uint32_t size)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < size; i++)
		sum += *(const uint8_t *)(at + i);
	say("@@ root");
	number(long_word(at));
	number(size);
	number(sum);
	put('\n');
}

static void say_tag(uint32_t at)
{
	switch (word(at)) {
	case 1:
		line("line", (const char *)at + 8);
		break;
	case 2:
		line("loader", (const char *)at + 8);
		break;
	case 3:
		module(word(at + 8), word(at + 12), (const char *)at + 16);
		break;
	case 6:
		for (uint32_t e = at + 16; e < at + word(at + 4); e += word(at + 8))
			entry(long_word(e), long_word(e + 8), word(e + 16));
		break;
	case 12:
		say("@@ table");
		number(long_word(long_word(at + 8))); /* its signature */
		put('\n');
		break;
	case 14:
	case 15:
		root_pointer(at + 8, word(at + 4) - 8);
		break;
	case 17:
		for (uint32_t e = at + 16; e < at + word(at + 4); e += word(at + 8)) {
			say("@@ region");
			number(long_word(e + 8));
			number(long_word(e + 24));
			number(word(e));
			put('\n');
		}
		break;
	case 21:
		say("@@ base");
		number(word(at + 8));
		put('\n');
		break;
	}
}

static void say_information(uint32_t info)
{
	for (uint32_t at = info + 8; word(at) != 0; at += (word(at + 4) + 7) & ~7u)
		say_tag(at);
	say("@@ total");
	number(word(info));
	put('\n');
}
#endif

/* What a BIOS has at 0x40e and 0x413, and what the first of these leads to. */
static void say_bios_data(void)
{
	const volatile uint16_t *data = (const volatile uint16_t *)0x40e;
	uint32_t extended;

	__asm__("" : "+r"(data));
	extended = (uint32_t)data[0] << 4;
	say("@@ bios");
	number(data[0]);
	number(*(const volatile uint16_t *)((const volatile uint8_t *)data + 5));
	number(long_word(extended + 16));
	put('\n');
}

void say_all(uint32_t magic, uint32_t info)
{
	uint32_t dirt = 0;

	for (unsigned i = 0; i < 1024; i++)
		dirt |= cleared[i];
	say("\n@@ multiboot " STRING(VERSION) "\n@@ magic");
	number(magic);
	say("\n@@ dirt");
	number(dirt);
	put('\n');
	say_information(info);
	say_bios_data();
	say("@@ end\n");
	reset();
}
