/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* At EL2 with "vhe" on the line, as a kernel that stays at EL2 has it: HCR_EL2.E2H and TGE. */
	.section .text.start, "ax", %progbits
	.globl	start
start:
	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mov	sp, x0
	mrs	x0, CurrentEL
	cmp	x0, #8
	b.ne	1f
	adrp	x1, el2
	mov	x0, #1
	str	x0, [x1, :lo12:el2]
	mov	x0, #0x42000000
	ldrb	w1, [x0]
	cmp	w1, #'v'
	mov	x0, #1 << 31			/* RW */
	b.ne	2f
	ldr	x1, =(1 << 34 | 1 << 27)	/* E2H, TGE */
	orr	x0, x0, x1
2:	msr	hcr_el2, x0
	isb
1:	bl	machine_main

	.globl	cpu_jump
cpu_jump:
	mov	x16, x0
	mov	x0, xzr
	mov	sp, x0
	mov	x5, #-1
	mov	x20, #-1
	mov	x29, #-1
	br	x16

	.globl	landing
landing:
	msr	tpidr_el0, x30
	adrp	x30, landed
	add	x30, x30, :lo12:landed
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22
	str	x\n, [x30, #8 * \n]
	.endr
	.irp	n, 23, 24, 25, 26, 27, 28, 29
	str	x\n, [x30, #8 * \n]
	.endr
	mrs	x0, tpidr_el0
	str	x0, [x30, #240]
	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mov	sp, x0
	bl	machine_landed

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	8 * 32
	.globl	el2
el2:	.skip	8
	.section .note.GNU-stack, "", %progbits
