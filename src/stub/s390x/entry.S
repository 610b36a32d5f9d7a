/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the s390x stub. The running kernel resets the machine by diagnose 0x308 and so has the CPU loaded
 * with the short PSW at address 0: no address translation, interrupts off, 31-bit addresses, and on older machines the
 * architecture of before z/Architecture. All other CPUs are stopped. The loader has put the PSW for program interruptions
 * into the first page (0x1d0), which leads to stub_entry + FAULT.
 * z/Architecture Principles of Operation (SA22-7832), chapters 3 (assigned storage locations) and 4 (PSW, SIGP).
 */
#include "stub/common/offsets.h"

#define FAULT 16		/* STUB_S390X_FAULT */
#define SIGP_SET_ARCHITECTURE 0x12
#define Z_ARCHITECTURE 2
#define EXTERNAL_CODE 0x86	/* in the first page */
#define EXTERNAL_NEW_PSW 0x1b0
#define SERVICE_SIGNAL 0x2401
#define FRAME 184		/* 160 bytes that a called function may save registers in, and three words */
#define NOW 160
#define MASK 168

#define REGISTER(n) (ARGS_REGISTERS + 8 * (n))

	begin_blob
	slr	%r0, %r0
	j	first

	.org	stub_entry + FAULT
	larl	%r2, stub_args_block
	lg	%r15, ARGS_STACK(%r2)
	aghi	%r15, -FRAME
	brasl	%r14, cpu_fault

first:	lhi	%r1, Z_ARCHITECTURE
	sigp	%r1, %r0, SIGP_SET_ARCHITECTURE
	sam64
	larl	%r2, stub_args_block
	lg	%r15, ARGS_STACK(%r2)
	aghi	%r15, -FRAME
	stckf	NOW(%r15)
	lg	%r3, NOW(%r15)			/* main's second argument: when we came in */
	brasl	%r14, stub_main

/*
 * cpu_leave(args): the memory that registers[0] and [1] name, whole pages, is written again as it is, by words, since the
 * longer moves do not have an emulator forget what it has translated. The kernel is entered as on a machine that was
 * started from a disk: with 31-bit addresses.
 */
	.section .text, "ax", @progbits
	.globl	cpu_leave
	.hidden	cpu_leave
cpu_leave:
	lg	%r1, ARGS_ENTRY(%r2)
	lg	%r4, REGISTER(0)(%r2)
	lg	%r5, REGISTER(1)(%r2)
	srlg	%r5, %r5, 4
	ltgr	%r5, %r5
	jz	2f
1:	lg	%r6, 0(%r4)
	lg	%r7, 8(%r4)
	stg	%r6, 0(%r4)
	stg	%r7, 8(%r4)
	aghi	%r4, 16
	brctg	%r5, 1b
2:
	.irp	register, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	lghi	%r\register, 0
	.endr
	sam31
	br	%r1

/*
 * void cpu_call_service(command, block): the command ends with an external interruption. Where none comes within a
 * second, nobody will have been told anything.
 */
	.globl	cpu_call_service
	.hidden	cpu_call_service
cpu_call_service:
	.insn	rre, 0xb2200000, %r2, %r3	/* SERVC */
	bcr	7, %r14				/* busy, or not there */
	aghi	%r15, -FRAME
	larl	%r1, came
	larl	%r2, wide
	mvc	EXTERNAL_NEW_PSW(8), 0(%r2)
	stg	%r1, EXTERNAL_NEW_PSW + 8
	larl	%r2, subclass
	lctlg	%c0, %c0, 0(%r2)
	larl	%r2, second
	lg	%r5, 0(%r2)
	stckf	NOW(%r15)
	lg	%r4, NOW(%r15)
	agr	%r5, %r4
again:	stosm	MASK(%r15), 1
1:	stckf	NOW(%r15)
	clg	%r5, NOW(%r15)
	jh	1b
	stnsm	MASK(%r15), 0xfe
	j	2f
came:	lh	%r2, EXTERNAL_CODE
	chi	%r2, SERVICE_SIGNAL
	jne	again
2:	aghi	%r15, FRAME
	br	%r14

/* void cpu_diagnose_308(subcode) */
	.globl	cpu_diagnose_308
	.hidden	cpu_diagnose_308
cpu_diagnose_308:
	lghi	%r4, 0
	lghi	%r5, 0
	diag	%r4, %r2, 0x308
	br	%r14

	.globl	cpu_stop
	.hidden	cpu_stop
cpu_stop:
	larl	%r1, stopped
	lpswe	0(%r1)

	.balign	8
wide:	.quad	0x0000000180000000		/* of a PSW: 64-bit addresses */
subclass:
	.quad	0x200				/* control register 0: the service signal */
second:	.quad	4096000000
stopped:
	.quad	0x0002000180000000, 0		/* waits, with all interrupts off */

	.section .note.GNU-stack, "", @progbits
