/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/zimage.h"

#include "base/arith.h"

enum {
	MAGIC = 0x24, /* then where it was linked to begin and to end, 4 bytes each */
	BYTE_ORDER_MARK = 0x30,
	TABLE_MARK = 0x34, /* then where the table is */
	HEADER_END = 0x30,

	LITTLE_ENDIAN_MARK = 0x04030201,
	BIG_ENDIAN_MARK = 0x01020304,
	HAS_TABLE = 0x45454545,

	/* An entry: its size in words, all of it; its name; and of this one, up to four more. */
	TAG_SIZES = 0x5a534c4b,
	TAG_HEAD = 2,
	TAG_SIZES_MIN = 4, /* the place of the size, and the BSS's size */
	TAG_SIZES_ALL = 6, /* and where the kernel begins, and the heap's size: since Linux 5.10 */
	TAGS_MAX = 64,

	WORD = 4,
};

/* Where a kernel may begin behind its 128 MiB's first byte: TEXT_OFFSET in arch/arm/Makefile. */
#define TEXT_OFFSET_MIN KiB(16) /* its first page tables are below */
#define TEXT_OFFSET_MAX 0x308000

/* No kernel comes near these; a larger number is damage. */
#define SIZE_MAX_SANE GiB(1)

/* Of the code that unpacks: its BSS and stack, of which the first is not told; and its heap, as it has always been. */
#define BSS_AND_STACK KiB(64)
#define HEAP          KiB(64)

#define DEVICE_TREE_MAGIC "\xd0\x0d\xfe\xed"

bool zimage_probe(struct view bytes)
{
	return view_has_at(bytes, MAGIC, "\x18\x28\x6f\x01");
}

struct sizes {
	uint32_t unpacked, bss, text_offset, heap;
};

static bool check_sizes(const struct sizes *sizes, struct error *err)
{
	if (sizes->unpacked == 0 || sizes->unpacked > SIZE_MAX_SANE || sizes->bss > SIZE_MAX_SANE ||
		sizes->heap > SIZE_MAX_SANE)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it says that its kernel has %u bytes and %u behind them, and that unpacking "
			"takes %u",
			sizes->unpacked, sizes->bss, sizes->heap);
	if (sizes->text_offset < TEXT_OFFSET_MIN || sizes->text_offset % WORD ||
		sizes->text_offset > TEXT_OFFSET_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it says that its kernel begins %#x bytes behind the beginning of memory",
			sizes->text_offset);
	return true;
}

/* The entry that `at` leads to, which tells of a kernel of this many words. */
static bool read_sizes(
	struct view loaded, struct reader at, uint32_t words, struct sizes *ret, struct error *err)
{
	struct sizes sizes = { .text_offset = TEXT_OFFSET_MAX, .heap = HEAP };
	uint32_t place = reader_le32(&at);
	struct reader unpacked = reader_at(loaded, place);

	sizes.unpacked = reader_le32(&unpacked);
	sizes.bss = reader_le32(&at);
	if (words >= TAG_SIZES_ALL) {
		sizes.text_offset = reader_le32(&at);
		sizes.heap = reader_le32(&at);
	}
	if (words < TAG_SIZES_MIN || at.overrun || unpacked.overrun)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its table has %u words on its kernel's size, which is to be found at %#x of "
			"%zu bytes",
			words, place, loaded.n);
	*ret = sizes;
	return check_sizes(&sizes, err);
}

/* *ret_found is false where no entry tells; what others mean is passed over. */
static bool find_sizes(struct view loaded, struct sizes *ret, bool *ret_found, struct error *err)
{
	struct reader mark = reader_at(loaded, TABLE_MARK);
	bool has_table = reader_le32(&mark) == HAS_TABLE;
	uint64_t at = reader_le32(&mark);

	*ret_found = false;
	if (!has_table || mark.overrun)
		return true;
	for (unsigned n = 0; n < TAGS_MAX; n++) {
		struct reader entry = reader_at(loaded, at);
		uint32_t words = reader_le32(&entry), tag;

		if (words == 0 && !entry.overrun)
			return true;
		tag = reader_le32(&entry);
		if (entry.overrun || words < TAG_HEAD)
			break;
		if (tag == TAG_SIZES) {
			*ret_found = true;
			return read_sizes(loaded, entry, words, ret, err);
		}
		at += (uint64_t)words * WORD;
	}
	return fail(err, FAULT_IMAGE_CORRUPT, "its table has no end, or ends outside of the file");
}

static bool read_bounds(struct view bytes, struct view *ret, struct error *err)
{
	struct reader r = reader_at(bytes, MAGIC + WORD), order = reader_at(bytes, BYTE_ORDER_MARK);
	uint32_t start = reader_le32(&r), end = reader_le32(&r);

	if (r.overrun)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its header", bytes.n);
	if (reader_le32(&order) == BIG_ENDIAN_MARK)
		return fail(err, FAULT_IMAGE_UNKNOWN, "it is for big-endian ARM");
	if (start != 0)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"it was linked to lie at %#x, as one that is started from ROM", start);
	if (end < HEADER_END)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it says that it ends at byte %u, in its header", end);
	if (end > bytes.n)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, it says that it has %u", bytes.n, end);
	*ret = view_first(bytes, end);
	return true;
}

bool zimage_parse(struct view bytes, struct zimage *ret, struct error *err)
{
	struct zimage zimage = { .work_size = BSS_AND_STACK + HEAP };
	struct sizes sizes = { 0 };
	bool found;

	if (!read_bounds(bytes, &zimage.loaded, err) ||
		!find_sizes(zimage.loaded, &sizes, &found, err))
		return false;
	if (view_has_at(bytes, zimage.loaded.n, DEVICE_TREE_MAGIC))
		zimage.appended_tree = view_from(bytes, zimage.loaded.n);
	if (found) {
		zimage.unpacked_size = sizes.unpacked;
		zimage.memory_size = (uint64_t)sizes.text_offset + sizes.unpacked + sizes.bss;
		zimage.work_size = BSS_AND_STACK + max_u64(HEAP, sizes.heap);
	}
	*ret = zimage;
	return true;
}
