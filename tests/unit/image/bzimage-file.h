/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a small bzImage that is valid in all its fields (boot.rst, "The Real-Mode Kernel Header"):
 * as a modern kernel has them, behind real-mode code of zeros and before a kernel of 0xcc bytes
 * whose payload begins like gzip.
 */
#pragma once

#include "test.h"

#include "base/arena.h"
#include "base/arith.h"
#include "base/bytes.h"

enum {
	BZ_SETUP_SECTS = 4,
	BZ_SETUP = (BZ_SETUP_SECTS + 1) * 512,
	BZ_KERNEL = 6144,
	BZ_SIZE = BZ_SETUP + BZ_KERNEL, /* over 8 KiB */
	BZ_PAYLOAD_OFFSET = 0x240,
	BZ_PAYLOAD = 1000,
	BZ_VERSION_AT = 0x400,
	BZ_ALIGNMENT = 0x200000,
	BZ_MIN_ALIGNMENT_SHIFT = 13,
	BZ_PREF_ADDRESS = 0x1000000,
	BZ_INIT_SIZE = 0x300000,
	BZ_INITRD_MAX = 0x7fffffff,
	BZ_COMMAND_LINE = 2047,
	BZ_XLOADFLAGS = 0x7f,
	BZ_HEADER_END = 0x26c,
};

static const char bz_version[] = "6.12.1-test (builder@host) #1 SMP";

struct bz_field {
	const char *name;
	uint16_t offset;
	uint8_t width;
	uint64_t value;
};

/* clang-format off */
static const struct bz_field bz_fields[] = {
	{ "setup_sects",           0x1f1, 1, BZ_SETUP_SECTS },
	{ "root_flags",            0x1f2, 2, 1 },
	{ "syssize",               0x1f4, 4, BZ_KERNEL / 16 },
	{ "ram_size",              0x1f8, 2, 0 },
	{ "vid_mode",              0x1fa, 2, 0xffff },
	{ "root_dev",              0x1fc, 2, 0 },
	{ "boot_flag",             0x1fe, 2, 0xaa55 },
	{ "jump",                  0x200, 1, 0xeb },
	{ "jump's length",         0x201, 1, BZ_HEADER_END - 0x202 },
	{ "header",                0x202, 4, 0x53726448 },
	{ "version",               0x206, 2, 0x020f },
	{ "realmode_swtch",        0x208, 4, 0 },
	{ "start_sys_seg",         0x20c, 2, 0x1000 },
	{ "kernel_version",        0x20e, 2, BZ_VERSION_AT - 512 },
	{ "type_of_loader",        0x210, 1, 0 },
	{ "loadflags",             0x211, 1, 1 },
	{ "setup_move_size",       0x212, 2, 0x8000 },
	{ "code32_start",          0x214, 4, 0x100000 },
	{ "ramdisk_image",         0x218, 4, 0 },
	{ "ramdisk_size",          0x21c, 4, 0 },
	{ "bootsect_kludge",       0x220, 4, 0 },
	{ "heap_end_ptr",          0x224, 2, 0x5320 },
	{ "ext_loader_ver",        0x226, 1, 0 },
	{ "ext_loader_type",       0x227, 1, 0 },
	{ "cmd_line_ptr",          0x228, 4, 0 },
	{ "initrd_addr_max",       0x22c, 4, BZ_INITRD_MAX },
	{ "kernel_alignment",      0x230, 4, BZ_ALIGNMENT },
	{ "relocatable_kernel",    0x234, 1, 1 },
	{ "min_alignment",         0x235, 1, BZ_MIN_ALIGNMENT_SHIFT },
	{ "xloadflags",            0x236, 2, BZ_XLOADFLAGS },
	{ "cmdline_size",          0x238, 4, BZ_COMMAND_LINE },
	{ "hardware_subarch",      0x23c, 4, 0 },
	{ "hardware_subarch_data", 0x240, 8, 0 },
	{ "payload_offset",        0x248, 4, BZ_PAYLOAD_OFFSET },
	{ "payload_length",        0x24c, 4, BZ_PAYLOAD },
	{ "setup_data",            0x250, 8, 0 },
	{ "pref_address",          0x258, 8, BZ_PREF_ADDRESS },
	{ "init_size",             0x260, 4, BZ_INIT_SIZE },
	{ "handover_offset",       0x264, 4, 0x190 },
	{ "kernel_info_offset",    0x268, 4, 0x2000 },
};
/* clang-format on */

enum { BZ_FIELD_COUNT = sizeof bz_fields / sizeof bz_fields[0] };

static inline void bz_put(struct block *file, uint64_t offset, unsigned width, uint64_t value)
{
	for (unsigned i = 0; i < width; i++)
		block_put_u8(file, offset + i, (uint8_t)(value >> 8 * i));
}

/* The offset of a field by its name, and its width; 0 for a name that is none. */
static inline const struct bz_field *bz_field(const char *name)
{
	for (size_t i = 0; i < BZ_FIELD_COUNT; i++)
		if (strcmp(bz_fields[i].name, name) == 0)
			return &bz_fields[i];
	return NULL;
}

static inline void bz_set(struct block *file, const char *name, uint64_t value)
{
	bz_put(file, bz_field(name)->offset, bz_field(name)->width, value);
}

static inline struct block bz_make(struct arena *a)
{
	struct block file = { arena_alloc(a, BZ_SIZE), BZ_SIZE, false };

	for (size_t i = 0; i < BZ_FIELD_COUNT; i++)
		bz_put(&file, bz_fields[i].offset, bz_fields[i].width, bz_fields[i].value);
	block_put_bytes(&file, BZ_VERSION_AT, view_of_string(bz_version));
	memset(file.p + BZ_SETUP, 0xcc, BZ_KERNEL);
	block_put_bytes(&file, BZ_SETUP + BZ_PAYLOAD_OFFSET,
		(struct view){ (const uint8_t *)"\x1f\x8b\x08\0", 4 });
	return file;
}

/* As kernels with an EFI stub begin: a header of DOS that points to one of PE. */
static inline void bz_make_efi(struct block *file)
{
	enum { PE = 0x40, X86_64 = 0x8664 };

	block_put_bytes(file, 0, view_of_string("MZ"));
	block_put_le32(file, 0x38, 0x818223cd);
	block_put_le32(file, 0x3c, PE);
	block_put_bytes(file, PE, view_of_string("PE"));
	block_put_le16(file, PE + 4, X86_64);
}

static inline struct view bz_view(struct block file)
{
	return (struct view){ file.p, file.n };
}
