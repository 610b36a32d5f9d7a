/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * zImage of ppc64el: an ELF program that unpacks the kernel in one of its sections and asks the firmware for all else
 * (arch/powerpc/boot/wrapper and zImage.lds.S of Linux). Firmware is not there any more where a kernel is entered from another one.
 */
#pragma once

#include "image/payload.h"

/* The section that makes one of an ELF file. */
#define POWERPC_ZIMAGE_KERNEL ".kernel:vmlinux.strip"

struct powerpc_zimage {
	struct payload payload; /* an ELF kernel */
};

bool powerpc_zimage_probe(struct view bytes);

/* What would be told to its kernel by the program alone is refused: an initrd, a device tree, a command line. */
bool powerpc_zimage_parse(struct view bytes, struct powerpc_zimage *ret, struct error *err)
	__attribute__((warn_unused_result));
