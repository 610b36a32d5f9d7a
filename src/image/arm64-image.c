/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booting.rst, "Call the kernel image". */
#include "base/arith.h"
#include "image/raw-headers.h"

enum {
	TEXT_OFFSET = 8, /* then image_size and flags, 8 bytes each */

	FLAG_BIG_ENDIAN = 1 << 0,
	FLAGS_PAGE_SIZE_SHIFT = 1,
	FLAG_ANYWHERE = 1 << 3,
};

/* By the two bits of the flags. */
static const uint32_t page_sizes[4] = { 0, 4096, 16384, 65536 };

/*
 * Before Linux 3.17 image_size is 0, and text_offset is always this, in the endianness of the kernel.
 * What it needs behind its file is not told; this is a multiple of any kernel's BSS of that time.
 */
#define OLD_TEXT_OFFSET 0x80000
#define OLD_BSS         MiB(16)

bool arm64_image_read(struct view header, uint64_t size, struct raw_image *ret, struct error *err)
{
	struct reader r = reader_at(header, TEXT_OFFSET);
	struct raw_image image = { .alignment = MiB(2), .link_address = PHYS_MAX };
	uint64_t flags;

	(void)err;
	image.text_offset = reader_le64(&r);
	image.memory_size = reader_le64(&r);
	flags = reader_le64(&r);
	image.big_endian = flags & FLAG_BIG_ENDIAN;
	image.page_size = page_sizes[flags >> FLAGS_PAGE_SIZE_SHIFT & 3];
	image.anywhere = flags & FLAG_ANYWHERE;
	if (image.memory_size == 0) {
		image.big_endian = image.text_offset != OLD_TEXT_OFFSET;
		image.text_offset = OLD_TEXT_OFFSET;
		image.memory_size = size + OLD_BSS;
	}
	*ret = image;
	return true;
}
