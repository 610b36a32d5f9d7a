/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a virtual machine's PVH entry (32 bits, flat, no paging; EBX names the start_info) to long
 * mode as a kernel leaves it before it jumps into a stub: memory mapped one to one, SSE off. With
 * five levels of page tables when the CPU has them.
 */
	.section .note.Xen, "a", @note
	.balign	4
	.long	4, 4, 18	/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	start

	.text
	.code32
	.globl	start
start:
	cld
	movl	$stack_top, %esp
	movl	%ebx, %ebp

	/* 512 pages of 2 MiB, and the tables above them. */
	movl	$directory, %edi
	movl	$0x83, %eax
1:	movl	%eax, (%edi)
	movl	$0, 4(%edi)
	addl	$0x200000, %eax
	addl	$8, %edi
	cmpl	$directory + 4096, %edi
	jne	1b
	movl	$directory + 3, pointers
	movl	$pointers + 3, level_4
	movl	$level_4 + 3, level_5
	movl	$directory + 3, next_pointers
	movl	$next_pointers + 3, next_level_4
	movl	$next_level_4 + 3, next_level_5
	movl	$main, then_to

/* To long mode on these tables. */
enter_long:
	movl	$0x20, %esi		/* CR4: PAE */
	movl	$level_4, %edi
	movl	$7, %eax
	xorl	%ecx, %ecx
	cpuid
	btl	$16, %ecx
	jnc	2f
	movl	$0x1020, %esi		/* and LA57 */
	movl	$level_5, %edi
2:	movl	%esi, %cr4
	movl	%edi, %cr3
	movl	$0xc0000080, %ecx	/* EFER.LME */
	rdmsr
	orl	$0x100, %eax
	wrmsr
	movl	$0x8000001d, %eax	/* CR0: PG, ET, TS, EM, PE */
	movl	%eax, %cr0
	lgdt	descriptors_where
	ljmp	$0x28, $3f

	.code64
3:	xorl	%eax, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	jmp	*then_to(%rip)
main:	movl	%ebp, %edi
	call	machine_main
	ud2

/* Where the stub jumps to: what it left in the registers is what the test looks at. */
	.globl	landing
landing:
	movq	%rsp, landed + 8 * 7(%rip)
	leaq	landed + 8 * 17(%rip), %rsp
	pushfq
	pushq	%r15
	pushq	%r14
	pushq	%r13
	pushq	%r12
	pushq	%r11
	pushq	%r10
	pushq	%r9
	pushq	%r8
	subq	$8, %rsp		/* rsp is there */
	pushq	%rbp
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rbx
	pushq	%rax
	movl	%cs, %edi
	movl	%ds, %esi
	leaq	stack_top(%rip), %rsp
	call	machine_landed
	ud2

/* The same for the other way out: 32 bits, no paging, and what the selectors of the protocol mean. */
	.code32
	.globl	landing_32
landing_32:
	movl	%esp, landed + 8 * 7
	movl	$stack_top, %esp
	pushfl
	popl	landed + 8 * 16
	movl	%eax, landed
	movl	%ebx, landed + 8 * 1
	movl	%ecx, landed + 8 * 2
	movl	%edx, landed + 8 * 3
	movl	%esi, landed + 8 * 4
	movl	%edi, landed + 8 * 5
	movl	%ebp, landed + 8 * 6
	movw	%cs, landed_32
	movw	%ds, landed_32 + 4
	movw	%es, landed_32 + 8
	movw	%ss, landed_32 + 12
	movw	%fs, landed_32 + 16
	movw	%gs, landed_32 + 20
	movl	%cr0, %eax
	movl	%eax, landed_32 + 24
	movl	%cr4, %eax
	movl	%eax, landed_32 + 28
	movl	$0xc0000080, %ecx
	rdmsr
	movl	%eax, landed_32 + 32
	/* Loaded again from the table, as Linux may do. */
	movl	$0x18, %eax
	movl	%eax, %ds
	movl	%eax, %ss
	ljmp	$0x10, $4f
4:	movl	$0x10, %eax
	larl	%eax, %eax
	movl	%eax, landed_32 + 36
	movl	$0x18, %eax
	larl	%eax, %eax
	movl	%eax, landed_32 + 40
	movl	$0x10, %eax
	lsll	%eax, %eax
	movl	%eax, landed_32 + 44
	movl	$0x18, %eax
	lsll	%eax, %eax
	movl	%eax, landed_32 + 48
	movl	$main_32, then_to
	jmp	enter_long

	.code64
main_32:
	call	machine_landed_32
	ud2

/*
 * The same for real mode, copied to where the stub is told to go. What it finds lies behind it, in
 * the order of struct registers_16. Then the BIOS is called, and its clock waited for.
 */
	.code16
	.globl	landing_16
landing_16:
	pushfl
	popl	%cs:(found_16 - landing_16)
	orl	%ebx, %eax
	orl	%ecx, %eax
	orl	%edx, %eax
	orl	%esi, %eax
	orl	%edi, %eax
	orl	%ebp, %eax
	movl	%eax, %cs:(found_16 - landing_16 + 4)
	movl	%esp, %cs:(found_16 - landing_16 + 8)
	movw	%cs, %cs:(found_16 - landing_16 + 12)
	movw	%ds, %cs:(found_16 - landing_16 + 14)
	movw	%es, %cs:(found_16 - landing_16 + 16)
	movw	%fs, %cs:(found_16 - landing_16 + 18)
	movw	%gs, %cs:(found_16 - landing_16 + 20)
	movw	%ss, %cs:(found_16 - landing_16 + 22)
	movl	%cr0, %eax
	movl	%eax, %cs:(found_16 - landing_16 + 24)
	movl	%cr4, %eax
	movl	%eax, %cs:(found_16 - landing_16 + 28)
	sidtl	%cs:(found_16 - landing_16 + 32)
	sti
	int	$0x12			/* KiB of memory below its own */
	movw	%ax, %cs:(found_16 - landing_16 + 38)
	movw	$0x40, %ax
	movw	%ax, %ds
	movw	0x6c, %bx		/* of its data area: ticks of the clock */
5:	hlt
	cmpw	0x6c, %bx
	je	5b
	cli
	lgdtl	%cs:(descriptors_where_16 - landing_16)
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	ljmpl	$0x08, $6f
descriptors_where_16:
	.word	descriptors_where - descriptors - 1
	.long	descriptors
	.globl	found_16, landing_16_end
found_16:
	.skip	40
landing_16_end:

	.code32
6:	movl	$0x20, %eax
	movl	%eax, %ds
	movl	%eax, %ss
	movl	$main_16, then_to
	jmp	enter_long

	.code64
main_16:
	call	machine_landed_16
	ud2

	.section .rodata, "a"
	.balign	8
descriptors:	/* not where the stub has its own */
	.quad	0
	.quad	0x00cf9b000000ffff
	.quad	0, 0
	.quad	0x00cf93000000ffff
	.quad	0x00af9b000000ffff
descriptors_where:
	.word	. - descriptors - 1
	.long	descriptors

	.bss
	.balign	4096
directory:	.skip	4096
pointers:	.skip	4096
level_4:	.skip	4096
level_5:	.skip	4096
next_pointers:	.skip	4096
	.globl	next_level_4
next_level_4:	.skip	4096
	.globl	next_level_5
next_level_5:	.skip	4096
	.skip	65536
stack_top:
	.globl	landed
landed:	.skip	8 * 17
	.globl	landed_32
landed_32:	.skip	4 * 13
then_to:	.skip	8

	.section .note.GNU-stack, "", @progbits
