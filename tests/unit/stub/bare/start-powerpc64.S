/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The firmware enters in big-endian order, at the first byte. */
#define LITTLE 0x40
#define WAIT 0x60		/* where the stub has all other CPUs come in */

	.macro	big_endian word
	.long	(((\word) & 0xff) << 24) | (((\word) & 0xff00) << 8) | (((\word) >> 8) & 0xff00) | (((\word) >> 24) & 0xff)
	.endm

	.abiversion 2
	.section .text.start, "ax", @progbits
	.globl	start
start:
	big_endian	0x429f0005			/* bcl 20, 31, .+4 */
	big_endian	0x7d4802a6			/* mflr 10 */
	big_endian	(0x394a0000 | LITTLE - 4)	/* addi 10, 10, LITTLE - 4 */
	big_endian	0x7d6000a6			/* mfmsr 11 */
	big_endian	0x39800001			/* li 12, 1 */
	big_endian	0x798cf806			/* sldi 12, 12, 63: SF */
	big_endian	0x7d6b6378			/* or 11, 11, 12 */
	big_endian	0x616b1001			/* ori 11, 11, 0x1001: ME, LE */
	big_endian	0x7d5a03a6			/* mtsrr0 10 */
	big_endian	0x7d7b03a6			/* mtsrr1 11 */
	big_endian	0x4c000024			/* rfid */

	.macro	find_own
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	lis	1, stack_top@ha
	addi	1, 1, stack_top@l
	addi	1, 1, -128
	li	0, 0
	std	0, 0(1)
	.endm

	.org	start + LITTLE
	find_own
	bl	machine_main
	nop

	.text
/* As the running kernel goes: its first CPU is number 7. */
	.globl	cpu_jump
cpu_jump:
	mtctr	3
	li	3, 7
	li	2, -1
	li	1, 0
	li	13, -1
	li	31, -1
	bctr

/* uint64_t cpu_call(number, first, second, third): of the hypervisor */
	.globl	cpu_call
cpu_call:
	li	7, 0
	sc	1
	blr

/* What QEMU has as RTAS, in big-endian order. */
	.globl	rtas
rtas:
	big_endian	0x7c641b78			/* mr 4, 3 */
	big_endian	0x3c600000			/* lis 3, 0 */
	big_endian	0x6063f000			/* ori 3, 3, 0xf000 */
	big_endian	0x44000022			/* sc 1 */
	big_endian	0x4e800020			/* blr */

	.balign	256
	.globl	landing
landing:
	b	1f
	.org	landing + WAIT
	lis	3, landed_other@ha
	addi	3, 3, landed_other@l
	li	4, 1
	std	4, 0(3)
0:	b	0b
	.org	landing + 256
1:	mtsprg	0, 31
	lis	31, landed@ha
	addi	31, 31, landed@l
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21
	std	\n, 8 * \n(31)
	.endr
	.irp	n, 22, 23, 24, 25, 26, 27, 28, 29, 30
	std	\n, 8 * \n(31)
	.endr
	mfsprg	0, 0
	std	0, 248(31)
	find_own
	bl	machine_landed
	nop

	.bss
	.balign	16
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	8 * 32
	.globl	landed_other
landed_other:
	.skip	8
	.section .note.GNU-stack, "", @progbits
