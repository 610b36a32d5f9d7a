/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an initrd file holds: the archives in it one after another, each plain newc cpio or
 * compressed, as the kernel's initramfs reader (Documentation/driver-api/early-userspace/
 * buffer-format.rst) takes them. The kernel takes any bytes as an initrd; a file that is no
 * initramfs is therefore described, never refused.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "codec/codec.h"

/* Archives of one file start at multiples of this (the reader skips zeros up to it). */
enum { INITRD_ALIGN = 4, INITRD_ARCHIVES_MAX = 16 };

enum initrd_archive_kind {
	INITRD_CPIO,       /* newc, "070701" or "070702" */
	INITRD_COMPRESSED, /* codec says how */
	INITRD_UNKNOWN,    /* anything else up to the end of the file */
};

struct initrd_archive {
	enum initrd_archive_kind kind;
	uint64_t offset, size;     /* in the file, without padding */
	const struct codec *codec; /* for INITRD_COMPRESSED */
	bool microcode; /* early cpio that holds kernel/x86/microcode/… (must stay first, plain) */
	bool early;     /* microcode or ACPI tables, which Linux only finds in plain cpio */
};

struct initrd {
	struct view bytes;
	struct initrd_archive archives[INITRD_ARCHIVES_MAX];
	size_t count;
	bool is_initramfs; /* false: nothing in it that the kernel's reader knows */
};

/*
 * Describes bytes; never fails. A compressed archive reaches to the end of the file unless plain
 * cpio follows it: its true end is only known by unpacking, which this does not do.
 */
struct initrd initrd_parse(struct view bytes);
