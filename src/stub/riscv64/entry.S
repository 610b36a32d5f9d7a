/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the riscv64 stub. The running kernel jumps to stub_entry in S-mode with satp = 0 and
 * interrupts off; a0 is the hart. There is no stack yet.
 */
#include "stub/common/offsets.h"
#define ARGS_A1 (ARGS_REGISTERS + 8)

	begin_blob
	rdtime	a2
	csrw	sie, zero
	lla	t0, fault
	csrw	stvec, t0
	mv	t1, a0
	lla	a0, stub_args_block	/* main's first argument */
	mv	a1, a2			/* and its second: when we came in */
	ld	sp, ARGS_STACK(a0)
	addi	sp, sp, -16
	sd	t1, 8(sp)		/* the hart, for the way out */
	li	s0, 0
	call	stub_main

/* cpu_leave(args): the hart in a0, the device tree in a1; all other registers are 0. */
	.section .text, "ax", @progbits
	.globl	cpu_leave
	.hidden	cpu_leave
cpu_leave:
	ld	t0, ARGS_ENTRY(a0)
	ld	a1, ARGS_A1(a0)
	ld	a0, ARGS_STACK(a0)
	ld	a0, -8(a0)
	.irp	register, ra, sp, gp, tp, t1, t2, s0, s1, a2, a3, a4, a5, a6, a7
	li	\register, 0
	.endr
	.irp	register, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6
	li	\register, 0
	.endr
	fence.i
	jr	t0

/* The first fault is told; a fault while it is told resets the machine at once. */
	.balign	4
fault:	lla	t0, fault_again
	csrw	stvec, t0
	lla	a0, stub_args_block
	ld	sp, ARGS_STACK(a0)
	call	cpu_fault

	.balign	4
fault_again:
	lla	t0, cpu_stop
	csrw	stvec, t0
	lla	a0, stub_args_block
	ld	sp, ARGS_STACK(a0)
	li	a0, 0
	call	cpu_reset
	tail	cpu_stop

	.globl	cpu_stop
	.hidden	cpu_stop
	.balign	4
cpu_stop:
	wfi
	j	cpu_stop

	.section .note.GNU-stack, "", @progbits
