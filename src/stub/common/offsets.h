/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What assembler has to know of abi.h, all of which main.c asserts, and how a blob begins. */
#pragma once

/* Where the fields of struct stub_args are. */
#define ARGS_MAGIC       32
#define ARGS_ENTRY       48
#define ARGS_REGISTERS   56
#define ARGS_PAGE_TABLES 88
#define ARGS_RECORD      104
#define ARGS_STACK       112
#define ARGS_MODE        136

#define ARGS_SPACE  0x400      /* STUB_ENTRY_OFFSET */
#define SCRATCH     0x4000     /* STUB_SCRATCH */
#define MAGIC       0x54554153 /* STUB_MAGIC */
#define VERSION     4          /* STUB_VERSION */
#define RECORD_SIZE 56         /* sizeof(struct stub_record) */
#define MODE_REAL   2          /* STUB_MODE_REAL */

#ifdef __ASSEMBLER__
/* The argument block and, with nothing between, the entry, whose code follows. */
/* clang-format off */
	.macro	begin_blob
	.section .stub.args, "ax", %progbits
	.globl	stub_args_block
	.hidden	stub_args_block
stub_args_block:
	.fill	ARGS_SPACE, 1, 0
	.globl	stub_entry
	.hidden	stub_entry
stub_entry:
	.endm
/* clang-format on */
#endif
