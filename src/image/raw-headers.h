/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The headers of raw images, one CPU each; only image/raw-image.c calls these. */
#pragma once

#include "image/raw-image.h"

/*
 * Reads the header's fields, as they are; what is wrong for every CPU is found later. size is that of
 * the image without its BSS.
 */
typedef bool raw_header_read(struct view header, uint64_t size, struct raw_image *ret,
	struct error *err) __attribute__((warn_unused_result));

#define RAW_KIND(id, read, ...) raw_header_read read;
#include "image/raw-kinds.inc"
#undef RAW_KIND

/*
 * Whether a kernel for LoongArch relocates itself (CONFIG_RELOCATABLE, since Linux 6.3): its header does not say,
 * but then it was linked as a position-independent program, and the linker's relocations lie in it.
 */
bool loongarch64_image_moves(const struct raw_image *image, struct view bytes);
