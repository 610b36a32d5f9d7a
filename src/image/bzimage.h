/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bzImage, the x86 kernel file: real-mode setup code with the setup header, behind it the
 * protected-mode kernel. Documentation/arch/x86/boot.rst, boot protocols 2.06 to 2.15.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/range.h"
#include "codec/codec.h"

/* The setup header lies here both in the file and in boot_params. */
enum { SETUP_HEADER_OFFSET = 0x1f1 };

enum bzimage_xloadflag {
	XLF_KERNEL_64 = 1 << 0, /* a 64-bit entry point at 0x200 */
	XLF_ABOVE_4G = 1 << 1,  /* kernel, zero page, command line and initrd may lie above 4 GiB */
	XLF_EFI_HANDOVER_32 = 1 << 2,
	XLF_EFI_HANDOVER_64 = 1 << 3,
	XLF_EFI_KEXEC = 1 << 4, /* takes EFI runtime mappings in setup_data */
	XLF_5LEVEL = 1 << 5,    /* may be entered with 5-level paging */
	XLF_5LEVEL_ENABLED = 1 << 6,
};

struct bzimage {
	uint16_t protocol;        /* 0x020f is 2.15 */
	struct view setup_header; /* from SETUP_HEADER_OFFSET on, as long as this protocol has it */
	struct view setup;        /* the real-mode code, the header in it */
	struct view kernel;       /* the protected-mode kernel */
	struct view payload;      /* the compressed vmlinux inside kernel; empty before 2.08 */
	const struct codec *payload_codec; /* NULL: not compressed, or not by a known codec */
	uint16_t xloadflags;               /* enum bzimage_xloadflag; 0 before 2.12 */
	bool has_protected_entry;          /* 32-bit; otherwise real-mode code alone enters it */
	bool relocatable;
	uint64_t alignment;       /* of the load address; a page for one that cannot be moved */
	uint64_t min_alignment;   /* if it must be; before 2.10 the same */
	phys_t preferred_address; /* since 2.10; before, 1 MiB */
	uint64_t init_size; /* memory that it needs at its load address until it has started */
	phys_t initrd_max;  /* the highest address of an initrd's last byte */
	uint64_t command_line_max; /* characters, without the terminating zero */
	const char *version;       /* "6.1.0-44-cloud-amd64 (…) …"; "" when the header has none */
};

bool bzimage_probe(struct view bytes);

/* Validates the header against the file; strings live in the arena, views point into bytes. */
bool bzimage_parse(struct view bytes, struct arena *arena, struct bzimage *ret, struct error *err)
	__attribute__((warn_unused_result));
