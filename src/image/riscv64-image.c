/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* boot-image-header.rst, header versions 0.1 and 0.2. */
#include "base/arith.h"
#include "image/raw-headers.h"

enum {
	TEXT_OFFSET = 8, /* then image_size and flags, 8 bytes each */
	VERSION = 32,    /* major in the upper half, minor in the lower */

	FLAG_BIG_ENDIAN = 1 << 0,
};

/* The start of RAM plus this is where kernels for 32 bits lie; head.S. */
#define TEXT_OFFSET_32 MiB(4)

/* Which memory below itself it can use, the header does not say: none, before Linux 6.4. */
bool riscv64_image_read(struct view header, uint64_t size, struct raw_image *ret, struct error *err)
{
	struct reader r = reader_at(header, TEXT_OFFSET), at_version = reader_at(header, VERSION);
	struct raw_image image = { .alignment = MiB(2), .link_address = PHYS_MAX };
	uint32_t version = reader_le32(&at_version);

	(void)size;
	image.text_offset = reader_le64(&r);
	image.memory_size = reader_le64(&r);
	image.big_endian = reader_le64(&r) & FLAG_BIG_ENDIAN;
	if (version >> 16 != 0)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"its header is of version %u.%u, of which nothing is known here",
			version >> 16, version & 0xffff);
	if (image.text_offset == TEXT_OFFSET_32)
		return fail(err, FAULT_IMAGE_OTHER_ARCH, "it is for 32-bit RISC-V");
	*ret = image;
	return true;
}
