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
	uint64_t text_offset; /* from a base of this alignment to where its first byte lies */
	uint64_t alignment;   /* of that base, as the boot protocol has it */
	/*
	 * Bytes from its first one on that it needs until it has started (BSS too); at least what
	 * is loaded.
	 */
	uint64_t memory_size;
	uint64_t entry_offset; /* from its first byte */
	phys_t link_address;   /* physical, of its first byte; PHYS_MAX: it may lie anywhere */
	bool anywhere;         /* it can use the memory below it */
	bool big_endian;
	uint32_t page_size; /* of the kernel, in bytes; 0: it does not say */
};

/* Whether these bytes begin with the header of a kernel for this CPU. */
bool raw_image_probe(struct view bytes, enum cpu_arch arch);

/* A file of the CPU whose header it begins with. */
bool raw_image_parse(struct view bytes, enum cpu_arch arch, struct raw_image *ret,
	struct error *err) __attribute__((warn_unused_result));

/*
 * The same when only the header is at hand, of an image of so many bytes without its BSS; the image
 * has no PE header of its own.
 */
bool raw_image_read(struct view header, uint64_t size, enum cpu_arch arch, struct raw_image *ret,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Whether it runs at any place of its alignment: it was linked nowhere, or it moves itself from where it was linked
 * (bytes are all of it).
 */
bool raw_image_moves(const struct raw_image *image, struct view bytes, enum cpu_arch arch);

/* What must hold for all of them, and what raw_image_read checks. */
bool raw_image_check(const struct raw_image *image, uint64_t size, struct error *err)
	__attribute__((warn_unused_result));
