/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands in for every kernel that a BIOS boot loader starts: a bzImage by Documentation/x86/boot.rst
 * (protocol 2.03) that is all setup code. It says which file it is, its command line and every byte of
 * its initrds on port 0xe9, and ends the machine through QEMU's isa-debug-exit at 0x501.
 *
 * %ds is where the file's first byte lies, %cs is 0x20 more: data is addressed from the start of the
 * file, and jumps are relative.
 */
	.code16
	.text
	.globl	_start
_start:
	.org	0x1f1
	.byte	1			/* setup_sects: this file's second sector */
	.word	0
	.long	0x20			/* syssize: one more sector, which is never entered */
	.word	0, 0, 0
	.word	0xaa55
	.byte	0xeb, start - (. + 1)	/* a short jump */
	.ascii	"HdrS"
	.word	0x203
	.long	0			/* realmode_swtch */
	.word	0, 0			/* start_sys_seg, kernel_version */
	.byte	0			/* type_of_loader */
	.byte	1			/* loadflags: LOADED_HIGH */
	.word	0			/* setup_move_size */
	.long	0x100000		/* code32_start */
ramdisk_image:
	.long	0
ramdisk_size:
	.long	0
	.long	0			/* bootsect_kludge */
	.word	0			/* heap_end_ptr */
	.word	0
cmd_line_ptr:
	.long	0
	.long	0x7fffffff		/* initrd_addr_max */

start:
	cli
	mov	$0xe9, %dx
	mov	$kernel_text, %si
	call	say
	mov	$name, %si
	call	say
	mov	$line_text, %si
	call	say

	/* The line lies below 1 MiB. */
	mov	cmd_line_ptr, %eax
	test	%eax, %eax
	jz	initrds
	mov	%eax, %esi
	and	$15, %si
	shr	$4, %eax
	mov	%ds, %cx
	mov	%ax, %ds
	call	say
	mov	%cx, %ds

initrds:
	mov	$initrd_text, %si
	call	say
	/* A20, and a segment that reaches everywhere: its limit stays when protected mode is left. */
	in	$0x92, %al
	or	$2, %al
	out	%al, $0x92
	xor	%eax, %eax
	mov	%ds, %ax
	shl	$4, %eax
	add	$gdt, %eax
	mov	%eax, gdt_address
	lgdtl	gdt_pointer
	mov	%cr0, %eax
	or	$1, %al
	mov	%eax, %cr0
	mov	$8, %bx
	mov	%bx, %fs
	and	$0xfe, %al
	mov	%eax, %cr0
	xor	%bx, %bx
	mov	%bx, %fs

	mov	ramdisk_image, %esi
	mov	ramdisk_size, %ecx
	jecxz	end
1:	movb	%fs:(%esi), %al
	out	%al, %dx
	inc	%esi
	dec	%ecx
	jnz	1b
end:
	mov	$end_text, %si
	call	say
	mov	$0x501, %dx
	out	%al, %dx
2:	hlt
	jmp	2b

/* The text at %ds:%si, on the port %dx. */
say:
	lodsb
	test	%al, %al
	jz	3f
	out	%al, %dx
	jmp	say
3:	ret

kernel_text:
	.asciz	"@@kernel<"
line_text:
	.asciz	">\n@@line<"
initrd_text:
	.asciz	">\n@@initrd<"
end_text:
	.asciz	">\n@@end\n"

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf92000000ffff	/* all memory, to be read and written */
gdt_pointer:
	.word	15
gdt_address:
	.long	0

	/* The name is written here. */
	.org	0x3c0
name:
	.org	0x400
	.org	0x600
