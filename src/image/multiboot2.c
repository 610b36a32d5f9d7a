/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of version 2, which is a list of tags. */
#include "base/arith.h"
#include "image/multiboot-parts.h"

enum {
	SEARCHED = 32768,
	STEP = 8,
	HEADER_SIZE = 16,
	TAG_SIZE = 8,
	TAG_ALIGN = 8,
	OPTIONAL = 1,
	I386 = 0,
	LAST_KNOWN_REQUEST = 21, /* load base address: tags of the boot information end here */
};

enum tag_type {
	TAG_END = 0,
	TAG_REQUEST = 1,
	TAG_ADDRESSES = 2,
	TAG_ENTRY = 3,
	TAG_CONSOLE = 4,
	TAG_FRAMEBUFFER = 5,
	TAG_MODULE_ALIGN = 6,
	TAG_EFI_BOOT_SERVICES = 7,
	TAG_EFI32_ENTRY = 8,
	TAG_EFI64_ENTRY = 9,
	TAG_RELOCATABLE = 10,
};

#define MAGIC "\xd6\x50\x52\xe8" /* 0xe85250d6 */

/* What is read before it is known how the file is loaded. */
struct header {
	uint64_t at;
	struct view tags;
	struct multiboot_addresses addresses;
	bool has_addresses, has_entry;
	uint32_t entry;
};

struct tag {
	uint16_t type;
	bool is_optional;
	struct view content;
};

static bool is_header(struct view bytes, uint64_t offset)
{
	struct reader r = reader_at(bytes, offset);
	uint32_t magic = reader_le32(&r), cpu = reader_le32(&r), length = reader_le32(&r);
	uint32_t checksum = reader_le32(&r);

	return !r.overrun && cpu == I386 && (uint32_t)(magic + cpu + length + checksum) == 0;
}

static const struct multiboot_search search = { SEARCHED, STEP, HEADER_SIZE, MAGIC, is_header };

bool multiboot_probe_2(struct view bytes)
{
	uint64_t at;

	return multiboot_find_header(bytes, &search, &at);
}

static bool read_request(const struct tag *tag, struct error *err)
{
	struct reader r = reader_at(tag->content, 0);

	while (!tag->is_optional && r.at + 4 <= tag->content.n) {
		uint32_t type = reader_le32(&r);

		if (type > LAST_KNOWN_REQUEST)
			return fail(err, FAULT_IMAGE_NO_ENTRY,
				"it demands boot information of an unknown type %u", type);
	}
	return true;
}

static bool read_relocation(const struct tag *tag, struct multiboot *kernel, struct error *err)
{
	struct reader r = reader_at(tag->content, 0);

	kernel->relocatable = true;
	kernel->first = reader_le32(&r);
	kernel->last = reader_le32(&r);
	kernel->align = max_u64(reader_le32(&r), 1);
	reader_skip(&r, 4); /* whether it likes to lie low or high: low is fast */
	if (r.overrun || kernel->last < kernel->first || !is_power_of_two(kernel->align))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it can be moved between %#llx and %#llx by multiples of %#llx",
			(unsigned long long)kernel->first, (unsigned long long)kernel->last,
			(unsigned long long)kernel->align);
	return true;
}

static bool read_addresses(const struct tag *tag, struct header *h, struct error *err)
{
	struct reader r = reader_at(tag->content, 0);

	h->has_addresses = true;
	h->addresses.header = reader_le32(&r);
	h->addresses.load = reader_le32(&r);
	h->addresses.load_end = reader_le32(&r);
	h->addresses.bss_end = reader_le32(&r);
	h->addresses.may_load_all = true;
	return r.overrun ? fail(err, FAULT_IMAGE_CORRUPT, "its address tag is cut short") : true;
}

static bool read_entry(const struct tag *tag, struct header *h, struct error *err)
{
	struct reader r = reader_at(tag->content, 0);

	h->has_entry = true;
	h->entry = reader_le32(&r);
	return r.overrun ? fail(err, FAULT_IMAGE_CORRUPT, "its entry tag is cut short") : true;
}

static bool read_tag(
	const struct tag *tag, struct header *h, struct multiboot *kernel, struct error *err)
{
	switch (tag->type) {
	case TAG_REQUEST:
		return read_request(tag, err);
	case TAG_ADDRESSES:
		return read_addresses(tag, h, err);
	case TAG_ENTRY:
		return read_entry(tag, h, err);
	case TAG_FRAMEBUFFER:
		kernel->wants_graphics = !tag->is_optional;
		return true;
	case TAG_RELOCATABLE:
		return read_relocation(tag, kernel, err);
	case TAG_CONSOLE:
	case TAG_MODULE_ALIGN: /* modules are aligned for everyone */
	case TAG_EFI32_ENTRY:  /* for loaders that run before the firmware has been left */
	case TAG_EFI64_ENTRY:
		return true;
	case TAG_EFI_BOOT_SERVICES:
	default:
		if (tag->is_optional)
			return true;
		return fail(err,
			tag->type == TAG_EFI_BOOT_SERVICES ? FAULT_IMAGE_NO_ENTRY
							   : FAULT_IMAGE_NO_ENTRY,
			tag->type == TAG_EFI_BOOT_SERVICES
				? "it needs EFI boot services (header tag %u), which Linux has "
				  "ended"
				: "its header demands what is unknown here (tag %u)",
			tag->type);
	}
}

/* At an offset in the tags, which it moves to the next tag. */
static bool next_tag(struct view tags, uint64_t *at, struct tag *ret, struct error *err)
{
	struct reader r = reader_at(tags, *at);
	uint16_t flags;
	uint32_t size;

	ret->type = reader_le16(&r);
	flags = reader_le16(&r);
	size = reader_le32(&r);
	ret->is_optional = flags & OPTIONAL;
	if (r.overrun || size < TAG_SIZE ||
		!view_sub(tags, *at + TAG_SIZE, size - TAG_SIZE, &ret->content))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the tag at byte %llu of its header's %zu bytes of tags is cut short",
			(unsigned long long)*at, tags.n);
	return ck_align_up(*at + size, TAG_ALIGN, at)
		? true
		: fail(err, FAULT_IMAGE_CORRUPT, "its header's tags never end");
}

static bool read_tags(struct header *h, struct multiboot *kernel, struct error *err)
{
	struct tag tag;

	for (uint64_t at = 0;;) {
		if (!next_tag(h->tags, &at, &tag, err))
			return false;
		if (tag.type == TAG_END)
			return true;
		if (!read_tag(&tag, h, kernel, err))
			return false;
	}
}

static bool find_tags(struct view bytes, struct header *h, struct error *err)
{
	struct reader r;
	uint32_t length;

	if (!multiboot_find_header(bytes, &search, &h->at))
		return fail(err, FAULT_IMAGE_UNKNOWN, "it has no Multiboot2 header");
	r = reader_at(bytes, h->at + 8);
	length = reader_le32(&r);
	if (length < HEADER_SIZE + TAG_SIZE || length > SEARCHED - h->at)
		return fail(err, FAULT_IMAGE_CORRUPT, "its header (at byte %llu) has %u bytes",
			(unsigned long long)h->at, length);
	if (!view_sub(bytes, h->at + HEADER_SIZE, length - HEADER_SIZE, &h->tags))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"its header (at byte %llu) has %u bytes, the file %zu",
			(unsigned long long)h->at, length, bytes.n);
	return true;
}

bool multiboot_parse_2(struct view bytes, struct multiboot *kernel, struct error *err)
{
	struct header h = { 0 };

	if (!find_tags(bytes, &h, err) || !read_tags(&h, kernel, err))
		return false;
	if (!h.has_addresses) {
		if (!elf_parse(bytes, &kernel->program, err))
			return false;
	} else if (!h.has_entry) {
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its header has a tag with addresses, but none with the entry point");
	} else if (!multiboot_load_by_addresses(bytes, h.at, &h.addresses, &kernel->program, err)) {
		return false;
	}
	if (h.has_entry)
		kernel->program.entry = h.entry;
	return true;
}
