/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the x86-64 stub: the argument block, the way in and the way out. The running kernel
 * jumps to stub_entry in long mode, interrupts off, memory mapped one to one, with no stack.
 */
#include "stub/x86/enter-32.h"
#include "stub/x86/vectors.h"

	begin_blob
	rdtsc
	cld
	shlq	$32, %rdx
	leaq	(%rax, %rdx), %rsi		/* main's second argument: when we came in */
	leaq	stub_args_block(%rip), %rdi	/* and its first */
	movq	ARGS_STACK(%rdi), %rsp
	xorl	%ebp, %ebp

	/* The descriptor of the table: 16 bits of limit, 64 of address. */
	leaq	descriptors(%rip), %rax
	pushq	%rax
	pushw	$(descriptors_end - descriptors - 1)
	lgdt	(%rsp)
	addq	$10, %rsp

	pushq	$0x10
	leaq	1f(%rip), %rax
	pushq	%rax
	lretq
1:	movl	$0x18, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs

	leaq	vectors_end(%rip), %r8		/* the last vector first: a stack grows downwards */
	movl	$VECTORS, %ecx
2:	subq	$VECTOR_CALL, %r8
	movq	%r8, %rax
	shrq	$32, %rax
	pushq	%rax
	movl	%r8d, %eax
	gate_of_eax
	shlq	$32, %rdx
	orq	%rdx, %rax
	pushq	%rax
	decl	%ecx
	jnz	2b
	movq	%rsp, %rax
	pushq	%rax
	pushw	$(VECTORS * 16 - 1)
	lidt	(%rsp)
	addq	$10, %rsp
	call	stub_main
	ud2

	.section .text, "ax", @progbits
	vector_calls

/*
 * The first exception is told; another one while it is told finds no table, which resets the machine at once.
 * What comes in goes onto the stack, for which the CPU aligns it by 16.
 */
exception:
	lidt	no_vectors(%rip)
	popq	%rax
	leaq	vectors + VECTOR_CALL(%rip), %rcx
	subl	%ecx, %eax
	movl	$VECTOR_CALL, %ecx
	xorl	%edx, %edx
	divl	%ecx
	movl	%eax, %esi			/* x86_fault's second argument: the vector */
	xorl	%edx, %edx			/* its third: the error code */
	movl	$VECTORS_WITH_CODE, %ecx
	btl	%esi, %ecx
	jnc	3f
	popq	%rdx
3:	movq	(%rsp), %rcx			/* its last: where it was */
	leaq	stub_args_block(%rip), %rdi
	movq	ARGS_STACK(%rdi), %rsp
	cld
	call	x86_fault
	ud2

/* stub_leave(entry, rsi, rdi): all other registers are 0, the flags clear. */
	.section .text, "ax", @progbits
	.globl	stub_leave
	.hidden	stub_leave
stub_leave:
	lidt	no_vectors(%rip)
	pushq	%rdi
	pushq	$2	/* the bit of the flags that is always set */
	movq	%rdx, %rdi
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%ebp, %ebp
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	popfq
	ret

/*
 * stub_leave_32(args): to 32-bit protected mode without paging. Intel SDM volume 3, §10.8.5.4
 * (leaving IA-32e mode): compatibility mode first, then paging off, then long mode off. The page
 * tables map this code one to one below 4 GiB. EAX, EBX, ESI, EDI as asked for, the rest is 0. Or
 * from there on down to real mode.
 */
	.globl	stub_leave_32
	.hidden	stub_leave_32
stub_leave_32:
	lidt	no_vectors(%rip)
	movq	%rdi, %rbx
	movq	ARGS_STACK(%rdi), %rsp
	leaq	descriptors_32(%rip), %rax
	pushq	%rax
	pushw	$(descriptors_32_end - descriptors_32 - 1)
	lgdt	(%rsp)
	addq	$10, %rsp
	pushq	$0x10
	leaq	1f(%rip), %rax
	pushq	%rax
	lretq

	.code32
1:	movl	$0x18, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%cr0, %eax
	andl	$0x7fffffff, %eax		/* CR0.PG */
	movl	%eax, %cr0
	movl	$0xc0000080, %ecx
	rdmsr
	andl	$0xfffffeff, %eax		/* EFER.LME */
	wrmsr
	movl	%cr4, %eax
	andl	$0x40, %eax			/* of CR4, only MCE: a guest may not be allowed to clear it */
	movl	%eax, %cr4
	xorl	%eax, %eax
	movl	%eax, %cr3
	enter_32
	.code64

/*
 * The selectors that the 64-bit boot protocol of Linux names: 0x10 code, 0x18 data, both flat. The
 * accessed bits are set, so that the CPU does not write into bytes that are under the digest.
 */
	.section .rodata, "a", @progbits
	.balign	16
descriptors:
	.quad	0
	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff
descriptors_end:

/* The same selectors for a 32-bit kernel, as the boot protocols of Linux and Multiboot have them. */
	.balign	16
descriptors_32:
	.quad	0
	.quad	0
	.quad	0x00cf9b000000ffff
	.quad	0x00cf93000000ffff
descriptors_32_end:

no_vectors:
	.fill	10, 1, 0

	.section .note.GNU-stack, "", @progbits
