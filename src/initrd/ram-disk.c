/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What identify_ramdisk_image in init/do_mounts_rd.c of Linux knows by more than its compression. */
#include "initrd/ram-disk.h"

#include <stdbool.h>

enum { EXT2_BLOCK_AT = 1024 + 24, EXT2_BLOCK_MAX = 6 };

static const char ext2[] = "ext2", romfs[] = "romfs", minix[] = "Minix file system",
		  cramfs[] = "cramfs";

/* Little-endian, as such a file is where it is of the machine's own kind. */
static const struct {
	const char *name;
	unsigned bits;
	uint32_t at, value;
} disks[] = {
	{ romfs, 32, 0, 0x6d6f722d },
	{ "SquashFS", 32, 0, 0x73717368 },
	{ cramfs, 32, 0, 0x28cd3d45 },
	{ cramfs, 32, 512, 0x28cd3d45 },
	{ minix, 16, 1024 + 16, 0x137f },
	{ minix, 16, 1024 + 16, 0x138f },
	{ minix, 16, 1024 + 16, 0x2468 },
	{ minix, 16, 1024 + 16, 0x2478 },
	{ ext2, 16, 1024 + 56, 0xef53 },
};

static bool has_word_at(struct view file, uint64_t at, uint32_t value, unsigned bits)
{
	struct reader r = reader_at(file, at);
	uint32_t found = bits == 16 ? reader_le16(&r) : reader_le32(&r);

	return !r.overrun && found == value;
}

/* Its first word alone may be anything's. */
static bool fits(struct view file, const char *name)
{
	struct reader block = reader_at(file, EXT2_BLOCK_AT);

	if (name == romfs)
		return view_has_at(file, 0, "-rom1fs-");
	return name != ext2 || reader_le32(&block) <= EXT2_BLOCK_MAX;
}

const char *initrd_ram_disk(struct view file)
{
	for (size_t i = 0; i < sizeof disks / sizeof *disks; i++)
		if (has_word_at(file, disks[i].at, disks[i].value, disks[i].bits) &&
			fits(file, disks[i].name))
			return disks[i].name;
	return NULL;
}
