/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel for s390x: a file that lies in memory from address 0 on as it is, with what it is told of in a
 * parameter area of its own (arch/s390/boot/head.S and arch/s390/include/asm/setup.h of Linux; the table of
 * entry points at 0x10008 is its ABI). Behind itself it unpacks the kernel that it carries.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

/* Where things are, in the file as in memory; all numbers are big-endian and have 8 bytes. */
enum {
	S390X_ENTRY = 0x10000,
	S390X_INITRD_START = 0x10408,
	S390X_INITRD_SIZE = 0x10410,
	S390X_OLDMEM_START = 0x10418, /* of the kernel that has crashed, for a crash kernel */
	S390X_OLDMEM_SIZE = 0x10420,
	S390X_COMMAND_LINE = 0x10480,
};

struct s390x_image {
	uint64_t command_line_size; /* bytes that are kept for it, with the zero */
	const char *version;        /* "" where it tells none */
};

bool s390x_image_probe(struct view bytes);

bool s390x_image_parse(struct view bytes, struct arena *arena, struct s390x_image *ret,
	struct error *err) __attribute__((warn_unused_result));
