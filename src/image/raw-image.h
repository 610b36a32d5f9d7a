/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernel files that are their own image in memory, behind a header of 64 bytes that a PE header may
 * share: the "Image" of arm64 (Documentation/arch/arm64/booting.rst, section 4) and of riscv64
 * (Documentation/arch/riscv/boot-image-header.rst), and the kernels of LoongArch, which are programs
 * for EFI (Documentation/arch/loongarch/booting.rst).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/range.h"

enum { RAW_IMAGE_HEADER_SIZE = 64 };

struct raw_image {
	uint64_t
		text_offset; /* from a base of this alignment to where the file's first byte lies */
	uint64_t alignment;  /* of that base, as the boot protocol has it */
	uint64_t
		memory_size; /* bytes from its first byte on that it needs until it has started (BSS
				 too); at least the file's size */
	uint64_t entry_offset; /* from its first byte */
	phys_t link_address;   /* physical, of its first byte; PHYS_MAX: it may lie anywhere */
	bool anywhere;         /* what lies below it is not lost to it */
	bool big_endian;
	uint32_t page_size; /* of the kernel, in bytes; 0: it does not say */
};

/* Each after the magic number of its CPU was seen. */
bool arm64_image_parse(struct view bytes, struct raw_image *ret, struct error *err)
	__attribute__((warn_unused_result));
bool riscv_image_parse(struct view bytes, struct raw_image *ret, struct error *err)
	__attribute__((warn_unused_result));
bool loongarch_image_parse(struct view bytes, struct raw_image *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * LoongArch kernels carry no name of their CPU in front, only the mark of Linux in a program for
 * EFI, which kernels of other CPUs carry too.
 */
bool loongarch_image_probe(struct view bytes);

/* For those parsers: what must hold for every one of them, whose header has been read. */
bool raw_image_check(struct view bytes, enum cpu_arch arch, const struct raw_image *image,
	struct error *err) __attribute__((warn_unused_result));
