/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ends of the armhf stub. The running kernel jumps to stub_entry in ARM state, in Hyp or SVC mode, with the MMU
 * and all caches off and with no stack. The instruction cache alone is switched on meanwhile: without it the stub would be
 * read from memory over and over, and without an MMU it changes nothing else. Names are those of the Arm Architecture
 * Reference Manual for ARMv7-A, chapter B4.
 */
#include "stub/arm/arm.h"
#include "stub/common/offsets.h"

	.arch_extension sec
	.arch_extension virt

#define MODE 0x1f
#define MODE_HYP 0x1a
#define MODE_SVC 0x13
#define ALL_MASKED (7 << 6)	/* A, I, F */

#define SCTLR_CACHE (1 << 12)	/* I */
#define SCTLR_Z (1 << 11)	/* branch prediction */
#define SCTLR_V (1 << 13)	/* vectors high in memory, where nobody is */
#define SCTLR_A_TE (1 << 1 | 1 << 30)	/* alignment is checked; exceptions are taken in Thumb state */

/* ID_PFR1, the Generic Timer. */
#define TIMER_AT 16

	.syntax unified
	begin_blob
	cpsid	aif
	isb
	mov	r6, #0
	mov	r7, #0
	mrc	p15, 0, r4, c0, c1, 1
	ubfx	r4, r4, #TIMER_AT, #4
	cmp	r4, #0
	mrrcne	p15, 1, r6, r7, c14		/* when we came in */
	adr	r5, stub_entry
	sub	r5, r5, #ARGS_SPACE		/* the argument block */
	ldr	sp, [r5, #ARGS_STACK]
	mov	r11, #0
	mcr	p15, 0, r11, c13, c0, 4		/* TPIDRPRW: no fault so far */

	adr	r0, vectors_place
	ldr	r1, vectors_place
	add	r0, r0, r1
	mrs	r1, cpsr
	and	r1, r1, #MODE
	cmp	r1, #MODE_HYP
	beq	1f
	mcr	p15, 0, r0, c12, c0, 0		/* VBAR */
	mrc	p15, 0, r8, c1, c0, 0		/* SCTLR */
	ldr	r2, =(SCTLR_V | SCTLR_A_TE)
	bic	r2, r8, r2
	orr	r2, r2, #SCTLR_CACHE
	orr	r2, r2, #SCTLR_Z
	mcr	p15, 0, r11, c7, c5, 0		/* ICIALLU */
	mcr	p15, 0, r11, c7, c5, 6		/* BPIALL */
	dsb
	isb
	mcr	p15, 0, r2, c1, c0, 0
	b	2f
1:	mcr	p15, 4, r0, c12, c0, 0		/* HVBAR */
	mrc	p15, 4, r8, c1, c0, 0		/* HSCTLR */
	ldr	r2, =SCTLR_A_TE
	bic	r2, r8, r2
	orr	r2, r2, #SCTLR_CACHE
	mcr	p15, 0, r11, c7, c5, 0
	dsb
	isb
	mcr	p15, 4, r2, c1, c0, 0
2:	isb

	str	r8, [sp, #-8]!			/* SCTLR as it was, for the way out; 8 keep the stack aligned */
	mov	r0, r5				/* main's first argument */
	mov	r2, r6				/* and its second, in an even pair */
	mov	r3, r7
	bl	stub_main
	.ltorg
vectors_place:
	.word	vectors - vectors_place

	.section .text, "ax", %progbits
	.arm
/* cpu_leave(args): r0 to r3 as asked for, the rest is 0. */
	.globl	cpu_leave
	.hidden	cpu_leave
	.type	cpu_leave, %function
cpu_leave:
	mov	r4, r0
	ldr	r5, [r4, #ARGS_STACK]
	ldr	r6, [r5, #-8]
	mov	r7, #0
	mrs	r0, cpsr
	and	r0, r0, #MODE
	cmp	r0, #MODE_HYP
	beq	1f
	dsb
	mcr	p15, 0, r6, c1, c0, 0
	b	2f
1:	dsb
	mcr	p15, 4, r6, c1, c0, 0
2:	isb
	mcr	p15, 0, r7, c7, c5, 0		/* ICIALLU */
	mcr	p15, 0, r7, c7, c5, 6		/* BPIALL */
	mcr	p15, 0, r7, c13, c0, 4
	dsb
	isb
	ldr	r12, [r4, #ARGS_ENTRY]
	ldr	r0, [r4, #ARGS_REGISTERS]
	ldr	r1, [r4, #ARGS_REGISTERS + 8]
	ldr	r2, [r4, #ARGS_REGISTERS + 16]
	ldr	r3, [r4, #ARGS_REGISTERS + 24]
	.irp	register, r4, r5, r6, r8, r9, r10, r11, sp, lr
	mov	\register, #0
	.endr
	bx	r12

/* The first fault is told; a fault while it is told resets the machine at once, and one on the way there stops it. */
fault:
	mrc	p15, 0, r3, c13, c0, 4
	add	r3, r3, #1
	mcr	p15, 0, r3, c13, c0, 4
	adr	r0, fault_args_place
	ldr	r4, fault_args_place
	add	r0, r0, r4
	ldr	r4, [r0, #ARGS_STACK]
	mov	sp, r4
	cmp	r3, #2
	bhi	cpu_stop
	beq	1f
	bl	arm_fault
1:	mov	r0, #0
	bl	cpu_reset

	.globl	cpu_stop
	.hidden	cpu_stop
	.type	cpu_stop, %function
cpu_stop:
	wfi
	b	cpu_stop
fault_args_place:
	.word	stub_args_block - fault_args_place

/* r1 the vector, r2 where: in Hyp mode that is a register, else the link register is behind it by as much. */
	.macro	vector_code number, behind
	mrs	r3, cpsr
	and	r3, r3, #MODE
	cmp	r3, #MODE_HYP
	subne	r2, lr, #\behind
	mrseq	r2, elr_hyp
	mov	r1, #\number
	b	fault
	.endm

fault_0: vector_code 0, 0
fault_undefined: vector_code ARM_VECTOR_UNDEFINED, 4
fault_call: vector_code ARM_VECTOR_CALL, 4
fault_prefetch: vector_code ARM_VECTOR_PREFETCH, 4
fault_data: vector_code ARM_VECTOR_DATA, 8
fault_5: vector_code 5, 4
fault_6: vector_code 6, 4
fault_7: vector_code 7, 4

	.section .text.vectors, "ax", %progbits
	.arm
	.balign	32
vectors:
	b	fault_0
	b	fault_undefined
	b	fault_call
	b	fault_prefetch
	b	fault_data
	b	fault_5
	b	fault_6
	b	fault_7

	.section .note.GNU-stack, "", %progbits
