/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the arm64 stub: on with MMU and caches, and off again. The running kernel jumps to
 * stub_entry at EL2 or EL1, MMU and data cache off, interrupts masked, with no stack. Registers are
 * named as in the Arm Architecture Reference Manual, chapter D17.
 *
 * What is written while the data cache is on lies in it and must be cleaned before it is off; what is
 * written while it is off must not lie in it. So nothing is written before it is on, and the stack
 * and the record, which is all that is written (the loader asks for no copies), are cleaned and invalidated on the way out. What
 * the next kernel reads with its MMU off was written by the running kernel, past the cache or
 * cleaned, and has only been read since.
 */
#include "stub/common/offsets.h"

#define CURRENT_EL2 8
#define HCR_E2H 34		/* a bit's number: the kernel runs at EL2, whose TCR is as EL1's */

/* Attribute 0 is Normal memory, write-back; 1 is Device-nGnRE: arch/arm64/page-tables.c. */
#define MAIR 0x04ff

/* 48 bits, 4 KiB, walks through the cache, inner shareable; nothing by TTBR1. */
#define TCR_COMMON (16 | 1 << 8 | 1 << 10 | 3 << 12)
#define TCR_EL1 (TCR_COMMON | 16 << 16 | 1 << 23 | 2 << 30)
#define TCR_EL1_SIZE_SHIFT 32
#define TCR_EL2 (TCR_COMMON | 1 << 23 | 1 << 31)
#define TCR_EL2_SIZE_SHIFT 16
#define SIZE_48 5		/* of ID_AA64MMFR0_EL1.PARange; larger ones need other tables */

#define SCTLR_ON (1 << 0 | 1 << 2 | 1 << 12)	/* M, C, I */
#define SCTLR_A (1 << 1)		/* the digests read what is not aligned */
#define SCTLR_WXN (1 << 19)		/* the tables have no memory that is only read */
#define SCTLR_M_C (1 << 0 | 1 << 2)

	begin_blob
	isb
	mrs	x1, cntvct_el0		/* main's second argument: when we came in */
	msr	daifset, #15
	msr	spsel, #1
	msr	tpidr_el0, xzr		/* no fault so far */
	adr	x0, stub_args_block	/* and its first */
	ldr	x9, [x0, #ARGS_STACK]
	mov	sp, x9
	mov	x29, xzr
	adrp	x10, vectors
	add	x10, x10, :lo12:vectors
	mrs	x11, CurrentEL
	cmp	x11, #CURRENT_EL2
	b.eq	1f
	msr	vbar_el1, x10
	mrs	x12, sctlr_el1
	b	2f
1:	msr	vbar_el2, x10
	mrs	x12, sctlr_el2
2:	isb

	/* Page tables only of arguments that can be believed. */
	ldr	x13, [x0, #ARGS_MAGIC]
	ldr	x14, =(VERSION << 32 | MAGIC)
	cmp	x13, x14
	b.ne	3f
	ldr	x13, [x0, #ARGS_PAGE_TABLES]
	cbz	x13, 3f
	bl	mmu_on
3:	str	x12, [sp, #-16]!	/* SCTLR as it was, for the way out */
	bl	stub_main
	.ltorg

	.section .text, "ax", %progbits
/* Tables x13, SCTLR x12 (kept), x11 the EL; uses x9, x10, x14. Writes no memory. */
mmu_on:
	mrs	x14, id_aa64mmfr0_el1
	and	x14, x14, #15
	cmp	x14, #SIZE_48
	mov	x9, #SIZE_48
	csel	x14, x9, x14, hi
	mov	x9, #MAIR
	mov	x10, #SCTLR_ON
	orr	x10, x12, x10
	bic	x10, x10, #SCTLR_A
	bic	x10, x10, #SCTLR_WXN
	cmp	x11, #CURRENT_EL2
	b.eq	4f
	msr	mair_el1, x9
	ldr	x9, =TCR_EL1
	orr	x9, x9, x14, lsl #TCR_EL1_SIZE_SHIFT
	msr	tcr_el1, x9
	msr	ttbr0_el1, x13
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el1, x10
	isb
	ret

4:	msr	mair_el2, x9
	mrs	x9, hcr_el2
	tbnz	x9, #HCR_E2H, 5f
	ldr	x9, =TCR_EL2
	orr	x9, x9, x14, lsl #TCR_EL2_SIZE_SHIFT
	b	6f
5:	ldr	x9, =TCR_EL1
	orr	x9, x9, x14, lsl #TCR_EL1_SIZE_SHIFT
6:	msr	tcr_el2, x9
	msr	ttbr0_el2, x13
	isb
	tlbi	alle2
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_el2, x10
	isb
	ret

/* SCTLR becomes x12; uses x11. Writes no memory. */
mmu_off:
	mrs	x11, CurrentEL
	cmp	x11, #CURRENT_EL2
	b.eq	7f
	msr	sctlr_el1, x12
	isb
	ic	iallu
	tlbi	vmalle1
	dsb	nsh
	isb
	ret
7:	msr	sctlr_el2, x12
	isb
	ic	iallu
	tlbi	alle2
	dsb	nsh
	isb
	ret

/* Bytes x9 to x10, out of the cache into memory; uses x11, x13. */
clean:
	mrs	x11, ctr_el0
	ubfx	x11, x11, #16, #4	/* DminLine: in words, as a power of two */
	mov	x13, #4
	lsl	x13, x13, x11
	sub	x11, x13, #1
	bic	x9, x9, x11
8:	dc	civac, x9
	add	x9, x9, x13
	cmp	x9, x10
	b.lo	8b
	dsb	sy
	ret

/* cpu_leave(args): as the kernel's booting.rst has it; x0 to x3 as asked for, the rest is 0. */
	.globl	cpu_leave
	.hidden	cpu_leave
cpu_leave:
	mov	x20, x0
	ldr	x17, [x20, #ARGS_ENTRY]
	ldr	x19, [x20, #ARGS_RECORD]
	ldr	x10, [x20, #ARGS_STACK]
	ldr	x12, [x10, #-16]
	ldp	x0, x1, [x20, #ARGS_REGISTERS]
	ldp	x2, x3, [x20, #ARGS_REGISTERS + 16]
	sub	x9, x10, #SCRATCH
	bl	clean
	cbz	x19, 9f
	mov	x9, x19
	add	x10, x19, #RECORD_SIZE
	bl	clean
9:	bl	mmu_off
	.irp	n, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26
	mov	x\n, xzr
	.endr
	.irp	n, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	br	x17

/*
 * The first fault is told, with the MMU off, so that every device is within reach; a fault while it
 * is told resets the machine at once, and one on the way there stops it.
 */
fault:	mrs	x9, tpidr_el0
	add	x9, x9, #1
	msr	tpidr_el0, x9
	cmp	x9, #2
	b.hi	cpu_stop
	adr	x0, stub_args_block
	ldr	x10, [x0, #ARGS_STACK]
	mov	sp, x10
	b.eq	2f
	sub	x9, x10, #SCRATCH
	bl	clean
	mrs	x11, CurrentEL
	cmp	x11, #CURRENT_EL2
	b.eq	1f
	mrs	x12, sctlr_el1
	b	3f
1:	mrs	x12, sctlr_el2
3:	mov	x13, #SCTLR_M_C
	bic	x12, x12, x13
	bl	mmu_off
	bl	cpu_fault
2:	mov	w0, wzr
	bl	cpu_reset

	.globl	cpu_stop
	.hidden	cpu_stop
cpu_stop:
	wfi
	b	cpu_stop
	.ltorg

	.section .text.vectors, "ax", %progbits
	.balign	2048
vectors:
	.rept	16
	b	fault
	.balign	128
	.endr

	.section .note.GNU-stack, "", %progbits
