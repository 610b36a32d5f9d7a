/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of kernel formats; probing looks at bytes, and neither allocates nor remembers. */
#include "image/image.h"

#include <string.h>

#include "base/arith.h"
#include "image/banner.h"
#include "image/elf-linux.h"
#include "image/elf-raw.h"
#include "image/elf-section.h"
#include "image/fit.h"
#include "image/pe.h"

enum { TYPES_MAX = 3 };

struct format {
	const char *name;
	const char *types[TYPES_MAX]; /* what --type calls it, each kexec-tools its own */
	enum image_format id;
	enum cpu_arch arch;

	/* Recognised by one of these. */
	struct magic {
		uint32_t offset;
		const char *bytes; /* without a zero in them */
	} magic;
	struct elf_kind elf;
	bool is_raw; /* by the header of the CPU's raw images */
	bool (*probe)(struct view bytes);

	/* NULL: nothing of it is read */
	bool (*parse)(
		struct view bytes, struct arena *arena, struct image *image, struct error *err);
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

/* To name the kernel in something, its first bytes are enough. */
enum { HEAD_SIZE = 4096 };

static const char *article(const struct format *format)
{
	return strchr("aeioAE", format->name[0]) ? "an" : "a";
}

/* What is in it; *ret stays where that cannot be unpacked here, or is nothing that is known. */
static bool detect_in(const struct payload *payload, struct arena *arena, const struct format **ret,
	struct error *err)
{
	uint8_t *p = arena_alloc(arena, HEAD_SIZE);
	struct view head = payload->bytes;

	if (!p)
		return fail_no_memory(err);
	if (payload->codec && !payload_unpack_head(payload, p, HEAD_SIZE, &head, err))
		return error_prefix(err, "its payload: ");
	if (payload->codec || !payload->compression)
		*ret = detect(head);
	return true;
}

static const char *name_uimage(
	const struct uimage *uimage, const struct format *inner, struct arena *arena)
{
	if (!inner && uimage->payload.compression)
		return arena_printf(arena, "U-Boot uImage, %s, for %s", uimage->payload.compression,
			uimage->cpu);
	if (!inner)
		return arena_printf(arena, "U-Boot uImage for %s", uimage->cpu);
	if (uimage->payload.compression)
		return arena_printf(arena, "U-Boot uImage, %s, of %s %s",
			uimage->payload.compression, article(inner), inner->name);
	return arena_printf(arena, "U-Boot uImage of %s %s", article(inner), inner->name);
}

static bool parse_uimage(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	const struct format *inner = NULL;

	if (!uimage_parse(bytes, &image->uimage, err) ||
		!detect_in(&image->uimage.payload, arena, &inner, err))
		return false;
	if (inner && inner->arch && !uimage_is_for(&image->uimage, inner->arch))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its header says that it is for %s, and in it is %s %s", image->uimage.cpu,
			article(inner), inner->name);
	image->arch = inner && inner->arch ? inner->arch : image->uimage.arch[0];
	image->name = name_uimage(&image->uimage, inner, arena);
	return image->name ? true : fail_no_memory(err);
}

/* Names the kernel in it as well. */
static bool parse_zboot(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	const struct zboot *zboot = &image->zboot;
	const struct format *inner = NULL;

	if (!zboot_parse(bytes, &image->zboot, err) ||
		!detect_in(&zboot->payload, arena, &inner, err))
		return false;
	image->arch = inner && inner->arch ? inner->arch : zboot->arch;
	image->name = inner ? arena_printf(arena, "EFI zboot image, %s, of %s %s",
				      zboot->payload.compression, article(inner), inner->name)
			    : arena_printf(arena, "EFI zboot image, %s, for %s",
				      zboot->payload.compression, cpu_arch_name(zboot->arch));
	return image->name ? true : fail_no_memory(err);
}

/* Names the kernel in it as well. */
static bool parse_powerpc_zimage(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	const struct payload *payload = &image->powerpc_zimage.payload;
	const struct format *inner = NULL;

	if (!powerpc_zimage_parse(bytes, &image->powerpc_zimage, err) ||
		!detect_in(payload, arena, &inner, err))
		return false;
	if (!inner || inner->id != IMAGE_ELF || inner->arch != image->arch)
		return fail(err, FAULT_IMAGE_CORRUPT, "in it is %s%s, and no ELF kernel of its CPU",
			inner ? article(inner) : "nothing that is known here",
			inner ? arena_printf(arena, " %s", inner->name) : "");
	image->name = arena_printf(arena, "ppc64el zImage, %s, of %s %s",
		payload->compression ? payload->compression : "not packed", article(inner),
		inner->name);
	return image->name ? true : fail_no_memory(err);
}

static bool parse_elf(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return elf_parse(bytes, &image->elf, err) &&
		elf_linux_version(&image->elf, arena, &image->version, err);
}

/* Damaged, a zImage that is not packed would pass for the kernel in it. */
static bool parse_elf_powerpc64(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	struct view ignored;

	return elf_section_find(bytes, POWERPC_ZIMAGE_KERNEL, &ignored, err) &&
		parse_elf(bytes, arena, image, err);
}

/* A Linux among them is told what a bzImage is told. */
static bool parse_elf_x86(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return parse_elf(bytes, arena, image, err) &&
		elf_linux_header(&image->elf, arena, &image->bzimage, err);
}

static bool parse_elf_raw(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return parse_elf(bytes, arena, image, err) &&
		elf_raw_describe(&image->elf, image->arch, &image->raw, err);
}

static bool parse_raw(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	return raw_image_parse(bytes, image->arch, &image->raw, err) &&
		banner_find(bytes, arena, &image->version, err);
}

static bool parse_zimage(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	(void)arena;
	return zimage_parse(bytes, &image->zimage, err);
}

static bool parse_s390x(
	struct view bytes, struct arena *arena, struct image *image, struct error *err)
{
	if (!s390x_image_parse(bytes, arena, &image->s390x, err))
		return false;
	image->version = image->s390x.version;
	return true;
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

/* clang-format off */
#define RAW_KIND(cpu, read, magic, needs_pe, image, image_type, elf_kernel, elf_type) \
	{ .name = image, .types = { image_type }, .arch = ARCH_##cpu, \
		.id = IMAGE_RAW, .is_raw = true, .parse = parse_raw }, \
	{ .name = elf_kernel, .types = { elf_type }, .arch = ARCH_##cpu, \
		.id = IMAGE_ELF, .elf = { 64, false, ELF_##cpu }, .parse = parse_elf_raw },

/* In the order of probing: the more exact recognition first. */
static const struct format formats[] = {
	/* In its header anything may look like another format's. */
	{ .name = "U-Boot uImage", .types = { "uImage" },
		.id = IMAGE_UIMAGE, .probe = uimage_probe, .parse = parse_uimage },

	/* x86, in the order of kexec-tools: a kernel for Multiboot is an ELF file too. */
	{ .name = "Multiboot2 kernel", .types = { "multiboot2-x86" }, .arch = ARCH_I386,
		.id = IMAGE_MULTIBOOT, .probe = multiboot_probe_2, .parse = parse_multiboot_2 },
	{ .name = "64-bit ELF kernel", .types = { "elf-x86_64" }, .arch = ARCH_X86_64,
		.id = IMAGE_ELF, .elf = { 64, false, ELF_X86_64 }, .parse = parse_elf_x86 },
	{ .name = "Multiboot kernel", .types = { "multiboot-x86" }, .arch = ARCH_I386,
		.id = IMAGE_MULTIBOOT, .probe = multiboot_probe_1, .parse = parse_multiboot_1 },
	{ .name = "32-bit ELF kernel", .types = { "elf-x86" }, .arch = ARCH_I386,
		.id = IMAGE_ELF, .elf = { 32, false, ELF_I386 }, .parse = parse_elf_x86 },
	{ .name = "bzImage", .types = { "bzImage64", "bzImage", "zImage" }, .arch = ARCH_X86_64,
		.id = IMAGE_BZIMAGE, .probe = bzimage_probe, .parse = parse_bzimage },

	/* A kernel in a program for EFI, which may look like a kernel of its CPU itself. */
	{ .name = "EFI zboot image", .types = { "vmlinuz", "vmlinuz-riscv", "pez-loongarch" },
		.id = IMAGE_ZBOOT, .probe = zboot_probe, .parse = parse_zboot },
	{ .name = "unified kernel image (UKI)", .types = { "uki" },
		.id = IMAGE_UKI, .probe = uki_probe, .parse = parse_uki },

	/* The CPUs whose kernel is its own image in memory, as it is or as an ELF file. */
#include "image/raw-kinds.inc"

	/* One in a program, which is an ELF file too. */
	{ .name = "ppc64el zImage", .types = { "elf-ppc64", "zImage" }, .arch = ARCH_PPC64LE,
		.id = IMAGE_POWERPC_ZIMAGE, .probe = powerpc_zimage_probe, .parse = parse_powerpc_zimage },
	{ .name = "ppc64el ELF kernel", .types = { "elf-ppc64" }, .arch = ARCH_PPC64LE,
		.id = IMAGE_ELF, .elf = { 64, false, ELF_PPC64LE }, .parse = parse_elf_powerpc64 },

	{ .name = "ARM zImage", .types = { "zImage" }, .arch = ARCH_ARM,
		.id = IMAGE_ZIMAGE, .probe = zimage_probe, .parse = parse_zimage },

	{ .name = "s390x bzImage", .types = { "image" }, .arch = ARCH_S390X,
		.id = IMAGE_S390X, .probe = s390x_image_probe, .parse = parse_s390x },

	/* Those that are only named. */
	{ .name = "U-Boot FIT image", .id = IMAGE_FOREIGN, .probe = fit_probe },
	{ .name = "ARM ELF kernel", .arch = ARCH_ARM,
		.id = IMAGE_FOREIGN, .elf = { 32, false, ELF_ARM } },
	{ .name = "ppc64 big-endian ELF kernel", .types = { "elf-ppc64" }, .arch = ARCH_PPC64,
		.id = IMAGE_FOREIGN, .elf = { 64, true, ELF_PPC64 } },
	{ .name = "s390x ELF kernel", .arch = ARCH_S390X,
		.id = IMAGE_FOREIGN, .elf = { 64, true, ELF_S390X } },

	/* What is left of the two containers. */
	{ .name = "ELF file", .id = IMAGE_FOREIGN, .magic = { 0, "\x7f" "ELF" } },
	{ .name = "EFI program (PE)", .id = IMAGE_FOREIGN, .probe = probe_pe },
};
/* clang-format on */

enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

static bool matches(const struct format *format, struct view bytes)
{
	if (format->probe)
		return format->probe(bytes);
	if (format->is_raw)
		return raw_image_probe(bytes, format->arch);
	if (format->elf.bits)
		return elf_probe(bytes, format->elf);
	return view_has_at(bytes, format->magic.offset, format->magic.bytes);
}

static const struct format *detect(struct view bytes)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++)
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
	for (size_t i = 0; i < TYPES_MAX; i++)
		if (format->types[i] && strcmp(format->types[i], type) == 0)
			return true;
	return false;
}

bool image_parse_as(struct view bytes, const char *type, struct arena *arena, struct image *ret,
	struct error *err)
{
	for (size_t i = 0; i < FORMAT_COUNT; i++)
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
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		if (strcmp(formats[i].name, image->format_name) == 0 && has_type(&formats[i], type))
			return true;
	return false;
}

uint64_t image_unpack_limit(uint64_t file_size)
{
	/* vmlinux packs to about a fifth, a debug one to a tenth; small files may pack better. */
	return file_size < GiB(1) / 32 ? max_u64(MiB(64), file_size * 32) : GiB(1);
}
