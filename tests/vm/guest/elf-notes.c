/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel of our own as a plain ELF of 32 or 64 bits: says on the first serial port what its notes
 * hold, and resets the machine. In 32 bits it finds them by eax and ebx, in 64 by rdi. Built by
 * multiboot.py.
 */
#include "bare.h"

#if defined __x86_64__
__asm__(".globl start\n"
	"start:\n"
	"	leaq stack + 16384(%rip), %rsp\n"
	"	movq %rdi, %rsi\n"
	"	movl %eax, %edi\n"
	"	call say_all\n"
	"	ud2\n");
#else
__asm__(".globl start\n"
	"start:\n"
	"	movl $stack + 16384, %esp\n"
	"	pushl %ebx\n"
	"	pushl %eax\n"
	"	call say_all\n"
	"	ud2\n");
#endif

uint8_t stack[16384]; /* known to the assembler */

void say_all(uint32_t magic, uintptr_t block);

void say_all(uint32_t magic, uintptr_t block)
{
	const uint32_t *words = (const uint32_t *)block;

	say("\n@@ bits");
	number(sizeof(void *) * 8);
	say("\n@@ magic");
	number(magic);
	put('\n');
	if (block) {
		const uint32_t *end = words + words[1] / 4;

		say("@@ block");
		number(words[0]);
		put('\n');
		for (const uint32_t *note = words + 3; note < end; note += 3 + (note[1] + 3) / 4)
			line(note[2] == 4 ? "line" : "note", (const char *)(note + 3));
	}
	say("@@ end\n");
	reset();
}
