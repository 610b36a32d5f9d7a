/* SPDX-License-Identifier: LGPL-2.1-or-later */
	.section .text.start, "ax", @progbits
	.globl	start
start:
	larl	%r15, stack_top
	aghi	%r15, -160
	brasl	%r14, machine_main

	.text
/* As the running kernel goes: the machine is reset, and the CPU loaded by the PSW at address 0. */
	.globl	cpu_jump
cpu_jump:
	lghi	%r4, 0
	lghi	%r5, 1			/* as by a start, but memory stays */
	diag	%r4, %r5, 0x308
0:	j	0b

/* The CPU's last one stops, and so the machine. */
	.globl	cpu_off
cpu_off:
	larl	%r1, cpu_number
	stap	0(%r1)
	lghi	%r4, 0
	llgh	%r2, 0(%r1)
1:	sigp	%r4, %r2, 5
	j	1b

	.globl	landing
landing:
	.irp	register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	stgrl	%r\register, landed + 8 * \register
	.endr
	epsw	%r2, %r3
	sam64
	nilf	%r2, 1
	nilf	%r3, 0x80000000
	sllg	%r2, %r2, 32
	llgfr	%r3, %r3
	ogr	%r2, %r3
	stgrl	%r2, mode
	larl	%r15, stack_top
	aghi	%r15, -160
	brasl	%r14, machine_landed

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	8 * 32
	.globl	mode
mode:	.skip	8
cpu_number:
	.skip	8
	.section .note.GNU-stack, "", @progbits
