/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For assembler: the last steps of both x86 stubs where the next kernel is entered in 32-bit or real mode. */
#pragma once

#include "stub/common/offsets.h"

#ifdef __ASSEMBLER__
/* EBX: the argument block; protected mode without paging, on the stack that the block names. */
/* clang-format off */
	.macro	enter_32
	cmpl	$MODE_REAL, ARGS_MODE(%ebx)
	je	stub_enter_real_mode
	pushl	ARGS_ENTRY(%ebx)
	pushl	$2		/* the bit of the flags that is always set */
	movl	ARGS_REGISTERS(%ebx), %eax
	movl	ARGS_REGISTERS + 16(%ebx), %esi
	movl	ARGS_REGISTERS + 24(%ebx), %edi
	movl	ARGS_REGISTERS + 8(%ebx), %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%ebp, %ebp
	popfl
	ret
	.endm
/* clang-format on */
#endif
