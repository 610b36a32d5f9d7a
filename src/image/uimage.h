/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * U-Boot's uImage, as mkimage makes it: a kernel or an initrd behind a header of 64 bytes with checksums over itself and over
 * that, which may be packed (U-Boot's include/image.h, "Legacy format image header"). Where the header wants it to lie and
 * to be entered is only told: the kernels that are known here say so themselves.
 */
#pragma once

#include <stdbool.h>

#include "base/cpu.h"
#include "image/payload.h"

enum { UIMAGE_CPUS_MAX = 2 };

struct uimage {
	const char *cpu;                     /* as its header means it: "ARM" */
	enum cpu_arch arch[UIMAGE_CPUS_MAX]; /* of these is what is in it; ARCH_UNKNOWN: no more */
	struct payload payload;

	/* What its header says beside that, by which nobody here goes. */
	struct view name;        /* up to its zero, if it has one */
	const char *compression; /* "none", "gzip"; NULL: a number that is not known */
	uint32_t made;           /* seconds since 1970 */
	uint32_t load, entry;    /* addresses */
};

bool uimage_probe(struct view bytes);

/* Whether a uImage says that in it is an initrd; nothing of it is checked. */
bool uimage_is_of_initrd(struct view bytes);

/* Both checksums are right, and it is one kernel of Linux for a CPU that is known here. */
bool uimage_parse(struct view bytes, struct uimage *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same of an initrd, as mkimage -T ramdisk makes it. Whatever packing its header names, the payload is handed on as
 * it is: the kernel unpacks it, as U-Boot leaves that to it.
 */
bool uimage_parse_initrd(struct view bytes, struct uimage *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Whether it says that what is in it is for this CPU. */
bool uimage_is_for(const struct uimage *uimage, enum cpu_arch arch);
