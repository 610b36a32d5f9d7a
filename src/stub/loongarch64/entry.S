/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the loongarch64 stub. The running kernel jumps to stub_entry at privilege 0, interrupts
 * off, in its direct-mapped window of cached memory (0x9 << 60), with that of uncached memory
 * (0x8 << 60) beside it; a0 and a2 hold what the firmware once told it, for the next kernel. The stub
 * opens one more window, in which physical addresses are themselves, and closes it on its way out.
 * LoongArch Reference Manual volume 1, chapters 5.2.1 (windows) and 7 (control registers).
 */
#include "stub/common/offsets.h"

#define CSR_CRMD 0x0
#define CRMD_IE 0x4
#define CSR_EENTRY 0xc		/* of exceptions: a virtual address, whole pages */
#define CSR_SAVE0 0x30		/* how many faults there were */
#define CSR_SAVE1 0x31		/* a0 and a2, as the running kernel was given them by the firmware */
#define CSR_SAVE2 0x32
#define CSR_TLBRENTRY 0x88	/* of a miss in the TLB: a physical one */
#define CSR_DMW3 0x183
#define WINDOW 0x11		/* 0x0 << 60, coherent cached, for privilege 0 */

	begin_blob
	rdtime.d	$a1, $zero		/* main's second argument: when we came in */
	csrwr	$a0, CSR_SAVE1
	csrwr	$a2, CSR_SAVE2
	ori	$t0, $zero, CRMD_IE
	csrxchg	$zero, $t0, CSR_CRMD
	csrwr	$zero, CSR_SAVE0
	ori	$t0, $zero, WINDOW
	csrwr	$t0, CSR_DMW3
	la.pcrel	$a0, stub_args_block	/* and its first */
	la.pcrel	$t0, fault
	csrwr	$t0, CSR_EENTRY
	la.pcrel	$t0, fault
	slli.d	$t0, $t0, 16			/* the window's bits off */
	srli.d	$t0, $t0, 16
	csrwr	$t0, CSR_TLBRENTRY
	ld.d	$sp, $a0, ARGS_STACK
	move	$fp, $zero
	bl	stub_main

/* cpu_leave(args): a1 as asked for, a0 and a2 as they came in, all other registers 0. */
	.section .text, "ax", @progbits
	.globl	cpu_leave
	.hidden	cpu_leave
cpu_leave:
	ld.d	$t0, $a0, ARGS_ENTRY
	ld.d	$a1, $a0, ARGS_REGISTERS + 8
	csrrd	$a0, CSR_SAVE1
	csrrd	$a2, CSR_SAVE2
	csrwr	$zero, CSR_DMW3
	.irp	register, ra, tp, sp, a3, a4, a5, a6, a7, t1, t2, t3, t4, t5, t6, t7, t8, r21, fp
	move	$\register, $zero
	.endr
	.irp	register, s0, s1, s2, s3, s4, s5, s6, s7, s8
	move	$\register, $zero
	.endr
	dbar	0
	ibar	0
	jr	$t0

	.globl	cpu_stop
	.hidden	cpu_stop
cpu_stop:
	idle	0
	b	cpu_stop

/*
 * The first fault is told, wherever it came from; a fault while it is told resets the machine at
 * once. A miss in the TLB comes here with paging off, where each address is a physical one.
 */
	.section .text.fault, "ax", @progbits
	.balign	4096
fault:	csrrd	$t0, CSR_SAVE0
	addi.d	$t0, $t0, 1
	move	$t1, $t0
	csrwr	$t1, CSR_SAVE0
	la.pcrel	$a0, stub_args_block
	ld.d	$sp, $a0, ARGS_STACK
	addi.d	$t0, $t0, -1
	bnez	$t0, 1f
	bl	cpu_fault
1:	bl	cpu_stop

	.section .note.GNU-stack, "", @progbits
