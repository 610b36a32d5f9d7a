/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and validates the setup header; knows nothing of where the kernel will lie. */
#include "image/bzimage.h"

#include "base/arith.h"

/* Field offsets, boot.rst section "The Real-Mode Kernel Header". */
enum {
	SETUP_SECTS = 0x1f1,
	SYSSIZE = 0x1f4,
	BOOT_FLAG = 0x1fe,
	JUMP_LENGTH = 0x201,
	MAGIC = 0x202,
	PROTOCOL = 0x206,
	KERNEL_VERSION = 0x20e,
	LOADFLAGS = 0x211,
	CODE32_START = 0x214,
	INITRD_ADDR_MAX = 0x22c,
	KERNEL_ALIGNMENT = 0x230,
	RELOCATABLE_KERNEL = 0x234,
	MIN_ALIGNMENT = 0x235,
	XLOADFLAGS = 0x236,
	CMDLINE_SIZE = 0x238,
	PAYLOAD_OFFSET = 0x248,
	PAYLOAD_LENGTH = 0x24c,
	PREF_ADDRESS = 0x258,
	INIT_SIZE = 0x260,
};

enum {
	SECTOR = 512,
	PARAGRAPH = 16,
	DEFAULT_SETUP_SECTS = 4,
	BOOT_FLAG_MAGIC = 0xaa55,
	LOADED_HIGH = 1 << 0,
	OLDEST_PROTOCOL = 0x0206,
	VERSION_LENGTH_MAX = 256,
	HEADER_END_MAX = 0x290, /* edd_mbr_sig_buffer follows in boot_params */
	ENTRY_64 = 0x200,       /* of the kernel; boot.rst, "64-bit Boot Protocol" */
	PAGE = 4096,
};

/* No x86 kernel needs more; a larger number is damage, not a kernel. */
#define INIT_SIZE_MAX GiB(2)
#define ALIGNMENT_MAX GiB(1)

bool bzimage_probe(struct view bytes)
{
	struct reader r = reader_at(bytes, BOOT_FLAG);

	return reader_le16(&r) == BOOT_FLAG_MAGIC && view_has_at(bytes, MAGIC, "HdrS");
}

static uint64_t field(struct view header, uint64_t off, unsigned size)
{
	struct reader r = reader_at(header, off);

	switch (size) {
	case 1:
		return reader_u8(&r);
	case 2:
		return reader_le16(&r);
	case 4:
		return reader_le32(&r);
	}
	return reader_le64(&r);
}

/* The header as this kernel has it; fields past its end read as 0. */
static bool read_header(struct view bytes, struct view *ret, struct error *err)
{
	struct reader r = reader_at(bytes, JUMP_LENGTH);
	uint64_t end = (uint64_t)MAGIC + reader_u8(&r);

	if (r.overrun || !view_sub(bytes, 0, end, ret))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside the setup header", bytes.n);
	if (end <= PROTOCOL + 1)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the setup header ends at byte %#llx, before its version",
			(unsigned long long)end);
	*ret = view_first(*ret, HEADER_END_MAX);
	return true;
}

static bool check_protocol(struct view header, struct bzimage *image, struct error *err)
{
	image->protocol = (uint16_t)field(header, PROTOCOL, 2);
	if (image->protocol < OLDEST_PROTOCOL)
		return fail(err, FAULT_IMAGE_TOO_OLD,
			"the kernel speaks boot protocol %d.%02d; 2.06 (Linux 2.6.22) is the oldest that "
			"can be loaded",
			image->protocol >> 8, image->protocol & 0xff);
	if (image->protocol >> 8 != 2)
		return fail(err, FAULT_IMAGE_CORRUPT, "boot protocol %d.%02d does not exist",
			image->protocol >> 8, image->protocol & 0xff);
	if (!(field(header, LOADFLAGS, 1) & LOADED_HIGH))
		return fail(err, FAULT_IMAGE_TOO_OLD,
			"this is a zImage (the kernel is not loaded high)");
	return true;
}

/* Bytes of the payload; 0 for the protocols that do not tell it. */
static uint64_t payload_length(struct view header, const struct bzimage *image)
{
	return image->protocol >= 0x0208 ? field(header, PAYLOAD_LENGTH, 4) : 0;
}

/*
 * The size is told in paragraphs. Linux fills the last one; memtest86+ and iPXE, which have no
 * payload, only begin it.
 */
static bool split_kernel(
	struct view bytes, struct view header, struct bzimage *image, struct error *err)
{
	uint64_t sectors = field(header, SETUP_SECTS, 1);
	uint64_t setup = ((sectors ? sectors : DEFAULT_SETUP_SECTS) + 1) * SECTOR;
	uint64_t declared = field(header, SYSSIZE, 4) * PARAGRAPH;
	uint64_t may_lack = payload_length(header, image) ? 0 : PARAGRAPH - 1;

	image->setup = view_first(bytes, setup);
	image->kernel = view_from(bytes, setup);
	if (image->kernel.n == 0 || image->kernel.n + may_lack < declared)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, its header promises %llu", bytes.n,
			(unsigned long long)(setup + declared));
	return true;
}

static bool find_payload(struct view header, struct bzimage *image, struct error *err)
{
	uint64_t offset = field(header, PAYLOAD_OFFSET, 4);
	uint64_t length = payload_length(header, image);

	if (length == 0)
		return true;
	if (!view_sub(image->kernel, offset, length, &image->payload))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the payload (offset %#llx, %llu bytes) reaches past the kernel's %zu bytes",
			(unsigned long long)offset, (unsigned long long)length, image->kernel.n);
	image->payload_codec = codec_find(image->payload);
	return true;
}

/*
 * A kernel that is not relocatable lies where it was linked, and has no use for an alignment: iPXE
 * and memtest86+ leave it 0.
 */
static bool read_alignment(struct view header, struct bzimage *image, struct error *err)
{
	unsigned least = (unsigned)field(header, MIN_ALIGNMENT, 1);

	image->has_protected_entry = field(header, CODE32_START, 4) != 0;
	image->relocatable = field(header, RELOCATABLE_KERNEL, 1) != 0;
	image->alignment = image->relocatable ? field(header, KERNEL_ALIGNMENT, 4) : PAGE;
	if (!is_power_of_two(image->alignment) || image->alignment > ALIGNMENT_MAX ||
		image->alignment < PAGE)
		return fail(err, FAULT_IMAGE_CORRUPT, "the kernel's alignment is %#llx",
			(unsigned long long)image->alignment);
	image->min_alignment = image->alignment;
	if (!image->relocatable || image->protocol < 0x020a)
		return true;
	image->min_alignment = least < 64 ? 1ull << least : UINT64_MAX;
	if (image->min_alignment < PAGE || image->min_alignment > image->alignment)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the kernel's least alignment 2^%u does not go with its alignment %#llx",
			least, (unsigned long long)image->alignment);
	return true;
}

static bool read_placement(struct view header, struct bzimage *image, struct error *err)
{
	bool has_init_size = image->protocol >= 0x020a;

	image->preferred_address = has_init_size ? field(header, PREF_ADDRESS, 8) : MiB(1);
	image->init_size = has_init_size ? field(header, INIT_SIZE, 4) : 3 * image->kernel.n;
	image->initrd_max = field(header, INITRD_ADDR_MAX, 4);
	image->xloadflags = image->protocol >= 0x020c ? (uint16_t)field(header, XLOADFLAGS, 2) : 0;

	if ((image->xloadflags & XLF_KERNEL_64) && image->kernel.n <= ENTRY_64)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the kernel's %zu bytes end before its 64-bit entry point at %#x",
			image->kernel.n, ENTRY_64);
	if (image->init_size == 0 || image->init_size < image->kernel.n / 2 ||
		image->init_size > INIT_SIZE_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the kernel says that it needs %llu bytes to start, its file has %zu",
			(unsigned long long)image->init_size, image->kernel.n);
	if (image->initrd_max < MiB(1))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the kernel's limit for an initrd is %#llx, below 1 MiB",
			(unsigned long long)image->initrd_max);
	return true;
}

/* A string in the setup code, at an offset from the header's sector; elsewhere it is none. */
static bool read_version(struct view bytes, struct view header, struct arena *arena,
	struct bzimage *image, struct error *err)
{
	uint64_t offset = field(header, KERNEL_VERSION, 2);
	struct view setup = view_first(bytes, (uint64_t)(image->kernel.p - bytes.p));
	struct view text = view_first(view_from(setup, offset + SECTOR), VERSION_LENGTH_MAX);
	size_t length = 0;

	if (offset == 0)
		text.n = 0;
	while (length < text.n && text.p[length] >= ' ' && text.p[length] <= '~')
		length++;
	image->version = arena_string(arena, view_first(text, length));
	return image->version ? true : fail_no_memory(err);
}

bool bzimage_parse(struct view bytes, struct arena *arena, struct bzimage *ret, struct error *err)
{
	struct bzimage image = { 0 };
	struct view header;

	if (!read_header(bytes, &header, err) || !check_protocol(header, &image, err) ||
		!split_kernel(bytes, header, &image, err) || !find_payload(header, &image, err) ||
		!read_alignment(header, &image, err) || !read_placement(header, &image, err) ||
		!read_version(bytes, header, arena, &image, err))
		return false;
	image.setup_header = view_from(header, SETUP_HEADER_OFFSET);
	image.command_line_max = field(header, CMDLINE_SIZE, 4);
	if (image.command_line_max == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "the kernel's command line limit is 0");
	*ret = image;
	return true;
}
