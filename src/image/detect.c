/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of kernel formats; probing looks at bytes, and neither allocates nor remembers. */
#include "image/image.h"

#include <string.h>

#include "base/arith.h"
#include "image/banner.h"
#include "image/elf-linux.h"
#include "image/pe.h"

struct format {
	const char *name;
	const char *types[3]; /* what --type calls it */
	enum image_format id;
	enum cpu_arch arch;
	bool (*probe)(struct view bytes);
	bool (*parse)(struct view bytes, struct arena *arena, struct image *image, struct error *err);
	/* Formats without a probe: these bytes at this offset. */
	uint16_t magic_offset, magic_size;
	const char *magic;
};

static bool parse_bzimage(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	if (!bzimage_parse(bytes, arena, &image->bzimage, err))
		return false;
	if (!(image->bzimage.xloadflags & XLF_KERNEL_64))
		image->arch = ARCH_I386;
	image->version = image->bzimage.version;
	return true;
}

static bool parse_uki(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	if (!uki_parse(bytes, arena, &image->uki, err))
		return false;
	image->arch = image->uki.arch;
	image->version = image->uki.release;
	return true;
}

static const struct format *detect(struct view bytes);

/* Names what is in it too, of which the first bytes tell enough. */
static bool parse_zboot(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	enum { HEAD_SIZE = 4096 };
	uint8_t *p = arena_alloc(arena, HEAD_SIZE);
	const struct zboot *zboot = &image->zboot;
	const struct format *inner = NULL;
	struct view head;

	if (!p)
		return fail_no_memory(err);
	if (!zboot_parse(bytes, &image->zboot, err))
		return false;
	if (zboot->codec) {
		if (!zboot_unpack_head(zboot, p, HEAD_SIZE, &head, err))
			return error_prefix(err, "its payload: ");
		inner = detect(head);
	}
	image->arch = inner && inner->arch ? inner->arch : zboot->arch;
	image->name = inner ? arena_printf(arena, "EFI zboot image, %s, of %s %s",
				      zboot->compression,
				      strchr("aeiou", inner->name[0]) ? "an" : "a", inner->name) :
			      arena_printf(arena, "EFI zboot image, %s, for %s",
				      zboot->compression, cpu_arch_name(zboot->arch));
	return image->name ? true : fail_no_memory(err);
}

static bool probe_elf_64(struct view bytes)
{
	return elf_probe(bytes, true, ELF_X86_64);
}

static bool probe_elf_32(struct view bytes)
{
	return elf_probe(bytes, false, ELF_I386);
}

/* Linux among them is told what it is told as a bzImage. */
static bool parse_elf(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	if (!elf_parse(bytes, &image->elf, err) ||
		!elf_linux_version(&image->elf, arena, &image->version, err))
		return false;
	return elf_linux_header(&image->elf, arena, &image->bzimage, err);
}

static bool parse_multiboot_1(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	(void)arena;
	return multiboot_parse(bytes, 1, &image->multiboot, err);
}

static bool parse_multiboot_2(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	(void)arena;
	return multiboot_parse(bytes, 2, &image->multiboot, err);
}

static bool probe_pe(struct view bytes)
{
	enum cpu_arch arch;

	return pe_probe(bytes, &arch);
}

static bool parse_arm64(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return arm64_image_parse(bytes, &image->raw, err) &&
		banner_find(bytes, arena, &image->version, err);
}

static bool parse_riscv(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return riscv_image_parse(bytes, &image->raw, err) &&
		banner_find(bytes, arena, &image->version, err);
}

static bool parse_loongarch(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return loongarch_image_parse(bytes, &image->raw, err) &&
		banner_find(bytes, arena, &image->version, err);
}

/* In the order of probing: the more exact recognition first; the first ones in that of kexec-tools. */
static const struct format formats[] = {
	{ .name = "Multiboot2 kernel", .types = { "multiboot2-x86" }, .id = IMAGE_MULTIBOOT,
		.arch = ARCH_I386, .probe = multiboot_probe_2, .parse = parse_multiboot_2 },
	{ .name = "64-bit ELF kernel", .types = { "elf-x86_64" }, .id = IMAGE_ELF,
		.arch = ARCH_X86_64, .probe = probe_elf_64, .parse = parse_elf },
	{ .name = "Multiboot kernel", .types = { "multiboot-x86" }, .id = IMAGE_MULTIBOOT,
		.arch = ARCH_I386, .probe = multiboot_probe_1, .parse = parse_multiboot_1 },
	{ .name = "32-bit ELF kernel", .types = { "elf-x86" }, .id = IMAGE_ELF,
		.arch = ARCH_I386, .probe = probe_elf_32, .parse = parse_elf },
	{ .name = "bzImage", .types = { "bzImage64", "bzImage", "zImage" }, .id = IMAGE_BZIMAGE,
		.arch = ARCH_X86_64, .probe = bzimage_probe, .parse = parse_bzimage },
	{ .name = "arm64 Image", .types = { "Image" }, .id = IMAGE_RAW, .arch = ARCH_ARM64,
		.magic_offset = 56, .magic_size = 4, .magic = "ARM\x64", .parse = parse_arm64 },
	{ .name = "riscv64 Image", .types = { "image-riscv" }, .id = IMAGE_RAW, .arch = ARCH_RISCV64,
		.magic_offset = 56, .magic_size = 4, .magic = "RSC\x05", .parse = parse_riscv },
	{ .name = "ARM zImage", .types = { "zImage" }, .id = IMAGE_FOREIGN, .arch = ARCH_ARM,
		.magic_offset = 36, .magic_size = 4, .magic = "\x18\x28\x6f\x01" },
	{ .name = "EFI zboot image", .types = { "vmlinuz", "vmlinuz-riscv", "pez-loongarch" }, .id = IMAGE_ZBOOT,
		.arch = ARCH_UNKNOWN, .probe = zboot_probe, .parse = parse_zboot },
	{ .name = "loong64 kernel", .types = { "pei-loongarch" }, .id = IMAGE_RAW,
		.arch = ARCH_LOONGARCH64, .probe = loongarch_image_probe, .parse = parse_loongarch },
	{ .name = "U-Boot uImage", .types = { "uImage" }, .id = IMAGE_FOREIGN, .arch = ARCH_UNKNOWN,
		.magic_offset = 0, .magic_size = 4, .magic = "\x27\x05\x19\x56" },
	{ .name = "ELF file", .id = IMAGE_FOREIGN, .arch = ARCH_UNKNOWN,
		.magic_offset = 0, .magic_size = 4, .magic = "\x7f" "ELF" },
	{ .name = "unified kernel image (UKI)", .types = { "uki" }, .id = IMAGE_UKI,
		.arch = ARCH_UNKNOWN, .probe = uki_probe, .parse = parse_uki },
	{ .name = "EFI program (PE)", .id = IMAGE_FOREIGN, .arch = ARCH_UNKNOWN,
		.probe = probe_pe },
};

static bool matches(const struct format *format, struct view bytes)
{
	struct view magic = { (const uint8_t *)format->magic, format->magic_size };

	if (format->probe)
		return format->probe(bytes);
	return view_starts_with(view_from(bytes, format->magic_offset), magic);
}

static const struct format *detect(struct view bytes)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (matches(&formats[i], bytes))
			return &formats[i];
	return NULL;
}

static bool parse_as(const struct format *format, struct view bytes, struct arena *arena,
	struct image *ret, struct error *err)
{
	struct image image = { .bytes = bytes, .version = "" };

	image.format = format->id;
	image.name = image.format_name = format->name;
	image.arch = format->arch;
	if (format->parse && !format->parse(bytes, arena, &image, err))
		return error_prefix(err, "%s: ", format->name);
	*ret = image;
	return true;
}

bool image_parse(struct view bytes, struct arena *arena, struct image *ret, struct error *err)
{
	const struct format *format = detect(bytes);

	if (!format)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"its %zu bytes are in no format of a kernel that is known here", bytes.n);
	return parse_as(format, bytes, arena, ret, err);
}

static bool has_type(const struct format *format, const char *type)
{
	for (size_t i = 0; i < sizeof format->types / sizeof format->types[0]; i++)
		if (format->types[i] && strcmp(format->types[i], type) == 0)
			return true;
	return false;
}

bool image_parse_as(struct view bytes, const char *type, struct arena *arena, struct image *ret,
	struct error *err)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (has_type(&formats[i], type) && matches(&formats[i], bytes))
			return parse_as(&formats[i], bytes, arena, ret, err);
	return image_parse(bytes, arena, ret, err);
}

const struct codec *image_wrapper(struct view file)
{
	return detect(file) ? NULL : codec_find(file);
}

bool image_has_type(const struct image *image, const char *type)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(formats[i].name, image->format_name) == 0 && has_type(&formats[i], type))
			return true;
	return false;
}

uint64_t image_unpack_limit(uint64_t file_size)
{
	/* vmlinux packs to about a fifth, a debug one to a tenth; small files may pack better. */
	return file_size < GiB(1) / 32 ? max_u64(MiB(64), file_size * 32) : GiB(1);
}
