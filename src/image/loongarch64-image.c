/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booting.rst, "Header of Linux/LoongArch kernel images". */
#include "base/arith.h"
#include "image/raw-headers.h"

enum {
	KERNEL_ENTRY = 8, /* then the size in memory and the load offset, 8 bytes each */
};

/* The window of virtual memory that a kernel is linked for (arch/loongarch/include/asm/addrspace.h). */
#define CACHED_WINDOW UINT64_C(0x9000000000000000)

/* ELF's record of a relocation, three words of 8 bytes: where, what kind, the value. */
enum {
	RECORD_SIZE = 24,
	R_LARCH_RELATIVE = 3,
	/* Even a kernel whose relocations are packed (CONFIG_RELR) keeps more than so many as they are. */
	RECORDS_MIN = 4,
};

/* Up to Linux 6.8 the entry point is in a window of virtual memory; these bits are physical. */
#define PHYSICAL_MASK ((UINT64_C(1) << 48) - 1)

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

/*
 * The words at `at` as a record of a kernel that was linked here: of a place in it, behind the one before, to
 * which a place in it is written, as the linker may have done already.
 */
static bool is_record(struct view bytes, struct range linked, uint64_t at, uint64_t *place)
{
	struct reader kind = reader_at(bytes, at + 8), r = reader_at(bytes, at), there;
	uint64_t where, value, held;

	if (reader_le64(&kind) != R_LARCH_RELATIVE)
		return false;
	where = reader_le64(&r);
	value = reader_le64(&kind);
	if (where <= *place || where % 8 || !range_has(linked, where) || !range_has(linked, value))
		return false;
	there = reader_at(bytes, where - linked.start);
	held = reader_le64(&there);
	*place = where;
	return !there.overrun && (held == 0 || held == value);
}

bool loongarch64_image_moves(const struct raw_image *image, struct view bytes)
{
	struct range linked = { CACHED_WINDOW + image->link_address, image->memory_size };
	uint64_t place = 0, step;
	unsigned found = 0;

	for (uint64_t at = 0; at + RECORD_SIZE <= bytes.n && found < RECORDS_MIN; at += step) {
		if (found == 0)
			place = 0;
		found = is_record(bytes, linked, at, &place) ? found + 1 : 0;
		step = found ? RECORD_SIZE : 8;
	}
	return found >= RECORDS_MIN;
}
