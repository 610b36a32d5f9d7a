/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * zImage: a kernel of 32-bit ARM, packed, behind code that unpacks it to where the first 128 MiB that it was
 * put into begin (Documentation/arch/arm/booting.rst; the header and its table are laid out in
 * arch/arm/boot/compressed of Linux). A device tree may have been appended to the file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

struct zimage {
	struct view loaded;        /* the file without what was appended */
	struct view appended_tree; /* empty: none */
	/*
	 * Of the kernel in it, by the table that zImages have since Linux 4.15. How much memory it needs from the
	 * beginning of its 128 MiB on, with its BSS; 0: it does not say.
	 */
	uint64_t memory_size;
	uint64_t unpacked_size; /* 0: it does not say */
	uint64_t work_size;     /* bytes behind the loaded ones that unpacking takes */
};

bool zimage_probe(struct view bytes);

bool zimage_parse(struct view bytes, struct zimage *ret, struct error *err)
	__attribute__((warn_unused_result));
