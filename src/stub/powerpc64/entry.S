/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the ppc64el stub. The running kernel jumps to stub_entry in real mode with interrupts off;
 * r3 is the CPU. What lies here up to FIRST_BYTES it has copied to address 0 before, where it sends all
 * other CPUs to WAIT, in big-endian order. From the copy they go on to the stub itself, since the copy
 * is where they have to wait for the next kernel: in its own first bytes.
 * Power ISA 3.0B, book III, chapters 4.3 (MSR) and 4.4 (rfid).
 */
#include "stub/common/offsets.h"
#include "stub/powerpc64/powerpc64.h"

#define FIRST_BYTES 0x100
#define WAIT 0x60		/* where other CPUs come in */
#define COPIED 0x68		/* these two: where they wait then, in the stub's order and the other one */
#define TURN 0x80
#define HOLD 0x50		/* of the copy: where they go on; 0: nowhere yet */
#define CACHE_LINE 32		/* the smallest that there is */
#define TREE_BOOT_CPU 28	/* boot_cpuid_phys of a flattened tree's header */
#define SECOND 512000000	/* ticks of the time base */

/* Below the stack's top. */
#define CPU 8			/* that came in */
#define RELEASED 16		/* where the others go from the stub; 0: nowhere yet */
#define COUNT 24		/* of those that wait */
#define FRAME 128

#define REGISTER(n) (ARGS_REGISTERS + 8 * (n))

/* An instruction as a CPU reads it that is in big-endian order. */
	.macro	big_endian word
	.long	(((\word) & 0xff) << 24) | (((\word) & 0xff00) << 8) | (((\word) >> 8) & 0xff00) | (((\word) >> 24) & 0xff)
	.endm

/* r30 is the argument block, r2 the table of addresses, r5 the stack's top. */
	.macro	find_own
	bcl	20, 31, 1f
1:	mflr	30
	addi	30, 30, stub_args_block - 1b
	addis	2, 30, .TOC. - stub_args_block@ha
	addi	2, 2, .TOC. - stub_args_block@l
	ld	5, ARGS_STACK(30)
	.endm

	.abiversion 2
	begin_blob
	b	first

	.org	stub_entry + HOLD
	.quad	0

/*
 * In the other order this first word is a branch over the next one, and in big-endian order a trap that
 * never happens, so that either order gets on.
 */
	.org	stub_entry + WAIT
	b	.+8
	big_endian	(0x48000000 | TURN - WAIT - 4)		/* b turn */
	.org	stub_entry + COPIED
1:	ld	4, HOLD(0)
	cmpdi	4, 0
	beq	1b
	mtctr	4
	bctr
	.org	stub_entry + TURN
	big_endian	0x7d6000a6				/* mfmsr 11 */
	big_endian	0x696b0001				/* xori 11, 11, 1: LE */
	big_endian	(0x39400000 | COPIED)			/* li 10, COPIED */
	big_endian	0x7d5a03a6				/* mtsrr0 10 */
	big_endian	0x7d7b03a6				/* mtsrr1 11 */
	big_endian	0x4c000024				/* rfid */

	.org	stub_entry + FIRST_BYTES
first:	mftb	4				/* main's second argument: when we came in */
	find_own
	mtsprg	0, 30				/* by which it knows itself at an exception */
	li	0, 0
	std	3, -CPU(5)
	std	0, -RELEASED(5)
	std	0, -COUNT(5)
	addi	1, 5, -FRAME
	std	0, 0(1)
	sync
	addi	6, 30, hold - stub_args_block
	std	6, HOLD(0)
	mr	3, 30
	bl	stub_main
	nop

/* All other CPUs: each counts itself, and waits with little of its core's time. */
hold:	find_own
	li	0, 0
	mtsprg	0, 0
	addi	7, 5, -COUNT
2:	ldarx	8, 0, 7
	addi	8, 8, 1
	stdcx.	8, 0, 7
	bne	2b
wait:	or	1, 1, 1
3:	ld	8, -RELEASED(5)
	cmpdi	8, 0
	beq	3b
	or	2, 2, 2
	isync
	li	4, 0
	mtctr	8
	bctr

/*
 * What is copied to each vector, to be entered in either order, as WAIT is: the link register then tells which it
 * was. And what is copied behind the last one.
 */
	.balign	8
	.globl	cpu_vector
	.hidden	cpu_vector
cpu_vector:
	b	.+8
	big_endian	(0x48000003 | VECTOR_BIG)		/* bla VECTOR_BIG */
	bla	VECTOR_OWN
	.globl	cpu_vector_end
	.hidden	cpu_vector_end
cpu_vector_end:
	.balign	8
	.globl	cpu_behind_vectors
	.hidden	cpu_behind_vectors
cpu_behind_vectors:
	big_endian	0x7c7a02a6				/* mfsrr0 3 */
	big_endian	0x7c9b02a6				/* mfsrr1 4 */
	big_endian	0x7d6000a6				/* mfmsr 11 */
	big_endian	0x616b0001				/* ori 11, 11, 1: LE */
	big_endian	(0x39400000 | VECTOR_GO)		/* li 10, VECTOR_GO */
	big_endian	0x7d5a03a6				/* mtsrr0 10 */
	big_endian	0x7d7b03a6				/* mtsrr1 11 */
	big_endian	0x4c000024				/* rfid */
	.org	cpu_behind_vectors + VECTOR_OWN - VECTOR_BIG
	mfsrr0	3
	mfsrr1	4
	.org	cpu_behind_vectors + VECTOR_GO - VECTOR_BIG
	ld	6, VECTOR_WAY(0)
	mtctr	6
	mflr	6
	bctr
	.org	cpu_behind_vectors + VECTOR_WAY - VECTOR_BIG
	.quad	0, 0
	.globl	cpu_behind_vectors_end
	.hidden	cpu_behind_vectors_end
cpu_behind_vectors_end:

/* From VECTOR_GO: r3 and r4 are SRR0 and SRR1, r6 is an address behind the vector's first. Another CPU waits on. */
	.globl	cpu_faulted
	.hidden	cpu_faulted
cpu_faulted:
	find_own
	mfsprg	7, 0
	cmpld	7, 30
	bne	wait
	addi	1, 5, -FRAME - 64
	li	0, 0
	std	0, 0(1)
	clrrdi	6, 6, 5
	ld	7, VECTOR_COUNT(0)
	addi	7, 7, 1
	std	7, VECTOR_COUNT(0)
	std	6, FRAME(1)
	std	3, FRAME + 8(1)
	std	4, FRAME + 16(1)
	std	7, FRAME + 24(1)
	mr	3, 30
	addi	4, 1, FRAME
	bl	powerpc_fault
	nop

/*
 * cpu_leave(args). A CPU that has not come within a second finds the kernel's own first bytes at WAIT,
 * which is as good.
 */
	.section .text, "ax", @progbits
	.globl	cpu_leave
	.hidden	cpu_leave
cpu_leave:
	ld	31, ARGS_STACK(3)
	ld	30, ARGS_ENTRY(3)
	ld	29, REGISTER(0)(3)
	ld	5, REGISTER(1)(3)
	lis	6, SECOND@h
	ori	6, 6, SECOND@l
	mftb	7
1:	ld	8, -COUNT(31)
	cmpld	8, 5
	bge	2f
	mftb	8
	subf	8, 7, 8
	cmpld	8, 6
	blt	1b

2:	li	5, FIRST_BYTES / 8
	mtctr	5
	li	6, 0
3:	ldx	7, 30, 6
	std	7, 0(6)
	addi	6, 6, 8
	bdnz	3b
	li	3, 0
	li	4, FIRST_BYTES
	bl	cpu_make_code

	li	6, WAIT
	std	6, -RELEASED(31)
	ld	12, -CPU(31)
	addi	6, 29, TREE_BOOT_CPU
	stwbrx	12, 0, 6
	sync
	mtctr	30
	mr	3, 29
	mr	4, 30
	.irp	register, 0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
	li	\register, 0
	.endr
	.irp	register, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	li	\register, 0
	.endr
	isync
	bctr

/* void cpu_make_code(start, size): what was written there can be run. Both are of whole lines. */
	.globl	cpu_make_code
	.hidden	cpu_make_code
cpu_make_code:
	add	4, 4, 3
1:	dcbst	0, 3
	sync
	icbi	0, 3
	addi	3, 3, CACHE_LINE
	cmpld	3, 4
	blt	1b
	sync
	isync
	blr

/* uint64_t cpu_call_hypervisor(call, first, second, third) */
	.globl	cpu_call_hypervisor
	.hidden	cpu_call_hypervisor
cpu_call_hypervisor:
	mflr	0
	std	0, 16(1)
	stdu	1, -32(1)
	li	7, 0
	sc	1
	addi	1, 1, 32
	ld	0, 16(1)
	mtlr	0
	blr

/*
 * uint64_t cpu_enter_firmware(arguments, entry, base, how): three arguments in r3 to r5, the fourth in r0,
 * the base in r2. RTAS keeps the lower halves of registers only.
 */
	.globl	cpu_enter_firmware
	.hidden	cpu_enter_firmware
cpu_enter_firmware:
	mflr	0
	std	0, 16(1)
	mfcr	0
	stw	0, 8(1)
	stdu	1, -FRAME - 160(1)
	std	2, 32(1)
	.irp	register, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	std	\register, 8 * (\register)(1)
	.endr
	mfmsr	12
	rldicr	12, 12, 0, 62			/* LE */
	cmpdi	6, 0
	beq	1f
	rldicl	12, 12, 0, 1			/* SF */
1:	mtsrr1	12
	mtsrr0	4
	bcl	20, 31, 2f
2:	mflr	31
	addi	12, 31, firmware_left - 2b
	mtlr	12
	addi	31, 31, firmware_done - 2b
	mr	2, 5
	mr	7, 3
	ld	3, 0(7)
	ld	4, 8(7)
	ld	5, 16(7)
	ld	0, 24(7)
	rfid

firmware_left:
	big_endian	0x7d6000a6		/* mfmsr 11 */
	big_endian	0x39800001		/* li 12, 1 */
	big_endian	0x798cf806		/* sldi 12, 12, 63: SF */
	big_endian	0x7d6b6378		/* or 11, 11, 12 */
	big_endian	0x616b0001		/* ori 11, 11, 1: LE */
	big_endian	0x7d7b03a6		/* mtsrr1 11 */
	big_endian	0x7bff0020		/* clrldi 31, 31, 32 */
	big_endian	0x7ffa03a6		/* mtsrr0 31 */
	big_endian	0x4c000024		/* rfid */
firmware_done:
	ld	2, 32(1)
	.irp	register, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	\register, 8 * (\register)(1)
	.endr
	addi	1, 1, FRAME + 160
	lwz	0, 8(1)
	mtcr	0
	ld	0, 16(1)
	mtlr	0
	blr

	.globl	cpu_stop
	.hidden	cpu_stop
cpu_stop:
	or	31, 31, 31
	b	cpu_stop

	.section .note.GNU-stack, "", @progbits
