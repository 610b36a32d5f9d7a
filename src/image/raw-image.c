/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Knows what all these headers have in common; each CPU's file knows where its fields are. */
#include "image/raw-image.h"

#include "base/arith.h"
#include "image/pe.h"
#include "image/raw-headers.h"

enum {
	MAGIC = 56,
	PAGE = 4096,
	INSTRUCTION = 2, /* the shortest ones, riscv's compressed */
};

/* No kernel comes near these; a larger number is damage. */
#define TEXT_OFFSET_MAX GiB(1)
#define MEMORY_SIZE_MAX GiB(2)

/* clang-format off */
static const struct kind {
	enum cpu_arch arch;
	raw_header_read *read;
	const char *magic;
	bool needs_pe;
} kinds[] = {
#define RAW_KIND(id, read, magic, needs_pe, ...) { ARCH_##id, read, magic, needs_pe },
#include "image/raw-kinds.inc"
};
/* clang-format on */

static const struct kind *kind_of(enum cpu_arch arch)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].arch == arch)
			return &kinds[i];
	return NULL;
}

bool raw_image_probe(struct view bytes, enum cpu_arch arch)
{
	const struct kind *kind = kind_of(arch);
	enum cpu_arch seen = ARCH_UNKNOWN;

	if (!kind || !view_has_at(bytes, MAGIC, kind->magic))
		return false;
	return !kind->needs_pe || (pe_probe(bytes, &seen) && seen == arch);
}

bool raw_image_moves(const struct raw_image *image, struct view bytes, enum cpu_arch arch)
{
	return image->link_address == PHYS_MAX ||
		(arch == ARCH_LOONGARCH64 && loongarch64_image_moves(image, bytes));
}

bool raw_image_check(const struct raw_image *image, uint64_t size, struct error *err)
{
	if (image->text_offset % PAGE || image->text_offset > TEXT_OFFSET_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it wants to lie %#llx bytes behind a multiple of %#llx",
			(unsigned long long)image->text_offset,
			(unsigned long long)image->alignment);
	if (image->memory_size < size || image->memory_size > MEMORY_SIZE_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it says that it needs %llu bytes of memory, %llu of it are in the file",
			(unsigned long long)image->memory_size, (unsigned long long)size);
	if (image->entry_offset % INSTRUCTION || image->entry_offset >= size)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its entry point lies %#llx bytes behind its start, the file has %#llx",
			(unsigned long long)image->entry_offset, (unsigned long long)size);
	return true;
}

bool raw_image_read(struct view header, uint64_t size, enum cpu_arch arch, struct raw_image *ret,
	struct error *err)
{
	const struct kind *kind = kind_of(arch);
	struct raw_image image = { 0 };

	if (!kind)
		return fail(err, FAULT_INTERNAL, "there are no such kernels for %s",
			cpu_arch_name(arch));
	if (header.n < RAW_IMAGE_HEADER_SIZE)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its header", header.n);
	if (!kind->read(header, size, &image, err) || !raw_image_check(&image, size, err))
		return false;
	*ret = image;
	return true;
}

/*
 * The header says nothing of the file's size, the sections of a PE header do: a file that was cut
 * short lacks the end of one.
 */
static bool check_pe(struct view bytes, enum cpu_arch arch, struct error *err)
{
	struct pe_section section;
	struct pe pe;

	if (!view_has_at(bytes, 0, "MZ"))
		return true;
	if (!pe_parse(bytes, &pe, err))
		return false;
	if (pe.arch != arch)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its header is that of a kernel for %s, its PE header is for %s",
			cpu_arch_name(arch), cpu_arch_name(pe.arch));
	for (size_t i = 0; i < pe.section_count; i++)
		if (!pe_section(&pe, i, &section, err))
			return false;
	return true;
}

bool raw_image_parse(
	struct view bytes, enum cpu_arch arch, struct raw_image *ret, struct error *err)
{
	return check_pe(bytes, arch, err) && raw_image_read(bytes, bytes.n, arch, ret, err);
}
