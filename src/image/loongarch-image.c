/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booting.rst, "Header of Linux/LoongArch kernel images". */
#include "base/arith.h"
#include "image/pe.h"
#include "image/raw-image.h"

enum {
	KERNEL_ENTRY = 8, /* then the size in memory and the load offset, 8 bytes each */
	LINUX_MARK = 56,
};

/* Up to Linux 6.8 the entry point is in a window of virtual memory; these bits are physical. */
#define PHYSICAL_MASK ((UINT64_C(1) << 48) - 1)

bool loongarch_image_probe(struct view bytes)
{
	enum cpu_arch arch;

	return view_has_at(bytes, LINUX_MARK, "\xcd\x23\x82\x81") && pe_probe(bytes, &arch) &&
		arch == ARCH_LOONGARCH64;
}

/*
 * A kernel with CONFIG_RELOCATABLE would run elsewhere too, but the header does not say whether
 * it is one.
 */
bool loongarch_image_parse(struct view bytes, struct raw_image *ret, struct error *err)
{
	struct reader r = reader_at(bytes, KERNEL_ENTRY);
	struct raw_image image = { .alignment = MiB(2) };
	uint64_t entry = reader_le64(&r) & PHYSICAL_MASK;

	image.memory_size = reader_le64(&r);
	image.link_address = reader_le64(&r);
	if (image.link_address % image.alignment || image.link_address > PHYSICAL_MASK ||
		entry < image.link_address)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it wants to lie at %#llx and to be entered at %#llx",
			(unsigned long long)image.link_address, (unsigned long long)entry);
	image.entry_offset = entry - image.link_address;
	if (!raw_image_check(bytes, ARCH_LOONGARCH64, &image, err))
		return false;
	*ret = image;
	return true;
}
