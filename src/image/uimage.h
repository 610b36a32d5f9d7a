/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * U-Boot's uImage, as mkimage makes it: a kernel behind a header of 64 bytes with checksums over itself and over the kernel,
 * which may be packed (U-Boot's include/image.h, "Legacy format image header"). Where the header wants the kernel to lie and
 * to be entered is of no use: the kernels that are known here say so themselves.
 */
#pragma once

#include <stdbool.h>

#include "base/cpu.h"
#include "image/payload.h"

enum { UIMAGE_CPUS_MAX = 2 };

struct uimage {
	const char *cpu; /* as its header means it: "ARM" */
	enum cpu_arch
		arch[UIMAGE_CPUS_MAX]; /* of these is the kernel in it; ARCH_UNKNOWN: no more */
	struct payload payload;
};

bool uimage_probe(struct view bytes);

/* Both checksums are right, and it is one kernel of Linux for a CPU that is known here. */
bool uimage_parse(struct view bytes, struct uimage *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Whether it says that its kernel is for this CPU. */
bool uimage_is_for(const struct uimage *uimage, enum cpu_arch arch);
