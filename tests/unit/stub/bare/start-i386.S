/* SPDX-License-Identifier: LGPL-2.1-or-later */
	.section .text.start, "ax", @progbits
	.balign	4
	.long	0x1badb002, 0, -0x1badb002	/* Multiboot */
	.globl	start
start:
	cld
	movl	$stack_top, %esp
	lgdt	where
	ljmp	$0x28, $1f
1:	movl	$0x30, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	call	machine_main

	.globl	cpu_jump
cpu_jump:
	movl	4(%esp), %eax
	movl	$-1, %ecx
	movl	$-1, %ebp
	movl	$-1, %edi
	std
	jmp	*%eax

	.globl	landing
landing:
	movl	%eax, landed
	movl	%ecx, landed + 4
	movl	%edx, landed + 8
	movl	%ebx, landed + 12
	movl	%esp, landed + 16
	movl	%ebp, landed + 20
	movl	%esi, landed + 24
	movl	%edi, landed + 28
	movl	$stack_top, %esp
	pushfl
	popl	landed + 32
	movw	%cs, selectors
	movw	%ds, selectors + 2
	movw	%es, selectors + 4
	movw	%ss, selectors + 6
	movw	%fs, selectors + 8
	movw	%gs, selectors + 10
	call	machine_landed

	.section .rodata, "a"
	.balign	8
descriptors:	/* not where the stub has its own */
	.quad	0, 0, 0, 0, 0
	.quad	0x00cf9b000000ffff
	.quad	0x00cf93000000ffff
where:	.word	. - descriptors - 1
	.long	descriptors

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	4 * 32
	.globl	selectors
selectors:	.skip	12
	.section .note.GNU-stack, "", @progbits
