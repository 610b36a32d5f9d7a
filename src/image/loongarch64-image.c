/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booting.rst, "Header of Linux/LoongArch kernel images". */
#include "base/arith.h"
#include "image/raw-headers.h"

enum {
	KERNEL_ENTRY = 8, /* then the size in memory and the load offset, 8 bytes each */
};

/* Up to Linux 6.8 the entry point is in a window of virtual memory; these bits are physical. */
#define PHYSICAL_MASK ((UINT64_C(1) << 48) - 1)

/*
 * A kernel with CONFIG_RELOCATABLE would run elsewhere too, but the header does not say whether
 * this is one.
 */
bool loongarch64_image_read(
	struct view header, uint64_t size, struct raw_image *ret, struct error *err)
{
	struct reader r = reader_at(header, KERNEL_ENTRY);
	struct raw_image image = { .alignment = MiB(2) };
	uint64_t entry = reader_le64(&r) & PHYSICAL_MASK;

	(void)size;
	image.memory_size = reader_le64(&r);
	image.link_address = reader_le64(&r);
	if (image.link_address % image.alignment || image.link_address > PHYSICAL_MASK ||
		entry < image.link_address)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it wants to lie at %#llx and to be entered at %#llx",
			(unsigned long long)image.link_address, (unsigned long long)entry);
	image.entry_offset = entry - image.link_address;
	*ret = image;
	return true;
}
