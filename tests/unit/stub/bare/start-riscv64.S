/* SPDX-License-Identifier: LGPL-2.1-or-later */
	.section .text.start, "ax", @progbits
	.globl	start
start:
	la	sp, stack_top
	la	t0, landed
	sd	a0, 80(t0)		/* the hart, until the stub's registers come here */
	call	machine_main

	.globl	cpu_jump
cpu_jump:
	mv	t6, a0
	la	t0, landed
	ld	a0, 80(t0)
	li	sp, 0
	li	s3, -1
	li	a5, -1
	li	tp, -1
	jr	t6

	.globl	landing
landing:
	csrw	sscratch, t1
	la	t1, landed
	.irp	n, 1, 2, 3, 4, 5
	sd	x\n, 8 * \n(t1)
	.endr
	.irp	n, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26
	sd	x\n, 8 * \n(t1)
	.endr
	.irp	n, 27, 28, 29, 30, 31
	sd	x\n, 8 * \n(t1)
	.endr
	csrr	t0, sscratch
	sd	t0, 48(t1)
	la	sp, stack_top
	call	machine_landed

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	8 * 32
	.section .note.GNU-stack, "", @progbits
