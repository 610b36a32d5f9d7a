/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the i386 stub: the argument block, the way in and the way out. The running kernel
 * jumps to stub_entry in protected mode without paging, on flat segments, interrupts off; what is
 * left of its stack may be used, up to where the block names another.
 */
#include "stub/x86/enter-32.h"
#include "stub/x86/vectors.h"

	begin_blob
	rdtsc
	cld
	movl	%eax, %esi
	call	1f
1:	popl	%ebx
	subl	$(1b - stub_args_block), %ebx
	movl	ARGS_STACK(%ebx), %esp
	xorl	%ebp, %ebp

	leal	descriptors - stub_args_block(%ebx), %eax
	pushl	%eax
	pushw	$(descriptors_end - descriptors - 1)
	lgdt	(%esp)
	addl	$6, %esp
	pushl	$0x10
	leal	2f - stub_args_block(%ebx), %eax
	pushl	%eax
	lret
2:	movl	$0x18, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	andl	$~15, %esp

	leal	vectors_end - stub_args_block(%ebx), %edi /* the last vector first: a stack grows downwards */
	movl	%edx, %ebp
	movl	$VECTORS, %ecx
3:	subl	$VECTOR_CALL, %edi
	movl	%edi, %eax
	gate_of_eax
	pushl	%edx
	pushl	%eax
	decl	%ecx
	jnz	3b
	movl	%esp, %eax
	pushl	%eax
	pushw	$(VECTORS * 8 - 1)
	lidt	(%esp)
	addl	$6, %esp

	pushl	$0
	pushl	%ebp			/* main's second argument: when we came in */
	xorl	%ebp, %ebp
	pushl	%esi
	pushl	%ebx			/* and its first */
	call	stub_main
	ud2

	vector_calls

/*
 * The first exception is told; another one while it is told finds no table, which resets the machine at once.
 */
exception:
	popl	%eax
	call	4f
4:	popl	%ebx
	subl	$(4b - stub_args_block), %ebx
	lidt	no_vectors - stub_args_block(%ebx)
	leal	vectors + VECTOR_CALL - stub_args_block(%ebx), %ecx
	subl	%ecx, %eax
	movl	$VECTOR_CALL, %ecx
	xorl	%edx, %edx
	divl	%ecx			/* EAX: the vector */
	xorl	%edx, %edx		/* its error code */
	movl	$VECTORS_WITH_CODE, %ecx
	btl	%eax, %ecx
	jnc	5f
	popl	%edx
5:	movl	(%esp), %ecx		/* where it was */
	movl	ARGS_STACK(%ebx), %esp
	andl	$~15, %esp
	cld
	pushl	%ecx
	pushl	%edx
	pushl	%eax
	pushl	%ebx
	call	x86_fault
	ud2

/* cpu_leave(args): EAX, EBX, ESI, EDI as asked for, the rest is 0; or down to real mode. */
	.section .text, "ax", @progbits
	.globl	cpu_leave
	.hidden	cpu_leave
cpu_leave:
	movl	4(%esp), %ebx
	call	6f
6:	popl	%eax
	lidt	no_vectors - 6b(%eax)
	movl	ARGS_STACK(%ebx), %esp
	enter_32

/*
 * The selectors that the boot protocols of Linux and Multiboot name: 0x10 code, 0x18 data, both
 * flat. The accessed bits are set, so that the CPU does not write into bytes that are under the
 * digest.
 */
	.balign	16
descriptors:
	.quad	0
	.quad	0
	.quad	0x00cf9b000000ffff
	.quad	0x00cf93000000ffff
descriptors_end:

no_vectors:
	.fill	6, 1, 0

	.section .note.GNU-stack, "", @progbits
