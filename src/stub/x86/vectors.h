/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For assembler: what both x86 stubs do about exceptions. The running kernel leaves no table of them, so that a
 * fault, an NMI or a machine check would reset the machine without a word. The table lies on the stack, since
 * the rest of the stub is under the digest; it is taken away before the next kernel is entered, which finds none,
 * as ever. Intel SDM volume 3, chapter 6.
 */
#pragma once

#ifdef __ASSEMBLER__
/* clang-format off */
#define VECTORS 32		/* with interrupts off no other comes in */
#define VECTOR_CALL 5		/* bytes of the call that each leads to */
#define VECTORS_WITH_CODE 0x60227d00 /* 8, 10 to 14, 17, 21, 29, 30 */

/*
 * EAX: an address in the stub, of which EAX and EDX become the gate's first eight bytes: an interrupt gate of
 * selector 0x10, for 32 bits or for 64.
 */
	.macro	gate_of_eax
	movl	%eax, %edx
	movw	$0x8e00, %dx
	movzwl	%ax, %eax
	orl	$0x100000, %eax
	.endm

/* The return address of such a call tells the vector. */
	.macro	vector_calls
	.balign	16
vectors:
	.rept	VECTORS
	call	exception
	.endr
vectors_end:
	.endm
/* clang-format on */
#endif
