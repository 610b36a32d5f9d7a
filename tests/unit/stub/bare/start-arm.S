/* SPDX-License-Identifier: LGPL-2.1-or-later */
	.syntax unified
	.arm
	.section .text.start, "ax", %progbits
	.globl	start
start:
	ldr	sp, =stack_top
	bl	machine_main
	.ltorg

	.text
	.arm
	.globl	cpu_jump
	.type	cpu_jump, %function
cpu_jump:
	mov	r12, r0
	mov	sp, #0
	mvn	r5, #0
	mvn	r9, #0
	mvn	r11, #0
	mvn	lr, #0
	bx	r12

	.globl	landing
	.type	landing, %function
landing:
	ldr	r12, =landed
	stm	r12, {r0-r11}
	str	sp, [r12, #4 * 13]
	str	lr, [r12, #4 * 14]
	ldr	sp, =stack_top
	bl	machine_landed
	.ltorg

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	4 * 32
	.section .note.GNU-stack, "", %progbits
