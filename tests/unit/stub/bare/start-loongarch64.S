/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In Linux' two windows, and in one more, where physical addresses are themselves, but in the stub. */
#define CSR_CRMD 0x0
#define CRMD_PAGING 0x10	/* PG, not DA; no interrupts, privilege 0 */
#define CRMD_MASK 0x1f
#define CSR_SAVE1 0x31
#define CSR_DMW0 0x180
#define CSR_DMW1 0x181
#define CSR_DMW3 0x183
#define IDENTITY 0x11

	.section .text.start, "ax", @progbits
	.globl	start
start:
	li.d	$t0, 0x8000000000000001
	csrwr	$t0, CSR_DMW0
	li.d	$t0, 0x9000000000000011
	csrwr	$t0, CSR_DMW1
	ori	$t0, $zero, IDENTITY
	csrwr	$t0, CSR_DMW3
	ori	$t0, $zero, CRMD_PAGING
	ori	$t1, $zero, CRMD_MASK
	csrxchg	$t0, $t1, CSR_CRMD
	la.pcrel	$t0, 1f
	slli.d	$t0, $t0, 16
	srli.d	$t0, $t0, 16
	li.d	$t1, 0x9000000000000000
	or	$t0, $t0, $t1
	jr	$t0
1:	la.pcrel	$sp, stack_top
	bl	machine_main

	.globl	cpu_jump
cpu_jump:
	csrwr	$zero, CSR_DMW3
	li.d	$t0, 0x9000000000000000
	or	$t0, $t0, $a0
	move	$sp, $zero
	addi.d	$a0, $zero, -1		/* from the firmware, by way of the kernel */
	addi.d	$a2, $zero, -2
	addi.d	$s3, $zero, -1
	addi.d	$tp, $zero, -1
	jr	$t0

	.globl	landing
landing:
	csrwr	$ra, CSR_SAVE1
	la.pcrel	$ra, landed
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
	st.d	$r\n, $ra, 8 * \n
	.endr
	.irp	n, 25, 26, 27, 28, 29, 30, 31
	st.d	$r\n, $ra, 8 * \n
	.endr
	csrrd	$t0, CSR_SAVE1
	st.d	$t0, $ra, 8
	la.pcrel	$t1, window
	csrrd	$t0, CSR_DMW3
	st.d	$t0, $t1, 0
	ori	$t0, $zero, IDENTITY
	csrwr	$t0, CSR_DMW3
	la.pcrel	$sp, stack_top
	bl	machine_landed

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	8 * 32
	.globl	window
window:	.skip	8
	.section .note.GNU-stack, "", @progbits
