/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The last steps down, from 32-bit protected mode without paging to real mode: Intel SDM volume 3,
 * §10.9.2. The stub lies below 1 MiB, so that this code has a real-mode segment of its own.
 */
#include "stub/common/offsets.h"

#define CODE_16 0x08
#define DATA_16 0x10
#define CR0_ET 0x10

	.section .text, "ax", @progbits
	.code32
	.globl	stub_enter_real_mode
	.hidden	stub_enter_real_mode
stub_enter_real_mode:		/* EBX: the argument block, and so the stub's first byte */
	movl	ARGS_ENTRY(%ebx), %ebp
	shrl	$4, %ebp			/* the next kernel's CS */
	movl	ARGS_REGISTERS(%ebx), %esi	/* its other segments */
	movl	ARGS_REGISTERS + 8(%ebx), %edi	/* its SP */
	call	1f
1:	popl	%ecx
	subl	%ebx, %ecx			/* label 1's offset in the stub */

	/*
	 * Segments of 64 KiB: code where the stub begins, data where the next kernel's stack does.
	 * The accessed bit is set, byte granularity, 16 bits.
	 */
	movl	%esi, %eax
	shll	$4, %eax
	movl	%eax, %edx
	shrl	$16, %edx
	orl	$0x9300, %edx
	pushl	%edx
	shll	$16, %eax
	orl	$0xffff, %eax
	pushl	%eax
	movl	%ebx, %edx
	shrl	$16, %edx
	orl	$0x9b00, %edx
	pushl	%edx
	movl	%ebx, %eax
	shll	$16, %eax
	orl	$0xffff, %eax
	pushl	%eax
	pushl	$0
	pushl	$0
	movl	%esp, %eax
	pushl	%eax
	pushw	$(3 * 8 - 1)
	lgdt	(%esp)
	pushl	$0				/* the vectors at address 0, 256 of them */
	pushw	$0x3ff
	lidt	(%esp)

	pushl	$CODE_16
	leal	2f - 1b(%ecx), %eax
	pushl	%eax
	lret

	.code16
2:	movw	$DATA_16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %fs
	movw	%ax, %gs
	movw	%ax, %ss
	movzwl	%di, %esp
	movl	$CR0_ET, %eax
	movl	%eax, %cr0
	shrl	$4, %ebx
	pushw	%bx
	addw	$(3f - 1b), %cx
	pushw	%cx
	lretw

	/* Real mode, on the next kernel's stack, which ends as it began. */
3:	movw	%si, %ds
	movw	%si, %es
	movw	%si, %fs
	movw	%si, %gs
	movw	%si, %ss
	movzwl	%di, %esp
	pushw	%bp
	pushw	$0
	pushw	$2				/* the bit of the flags that is always set */
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	popfw
	lretw
	.code64

	.section .note.GNU-stack, "", @progbits
