/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The headers of raw images, one CPU each; only image/raw-image.c calls these. */
#pragma once

#include "image/raw-image.h"

/*
 * The header's fields, as they are; what is wrong for every CPU is found later. size is that of the
 * image without its BSS.
 */
bool arm64_image_read(struct view header, uint64_t size, struct raw_image *ret, struct error *err)
	__attribute__((warn_unused_result));
bool riscv64_image_read(struct view header, uint64_t size, struct raw_image *ret, struct error *err)
	__attribute__((warn_unused_result));
bool loongarch64_image_read(struct view header, uint64_t size, struct raw_image *ret,
	struct error *err) __attribute__((warn_unused_result));
