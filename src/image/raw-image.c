/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Knows what all these headers have in common; each CPU's file knows where its fields are. */
#include "image/raw-image.h"

#include "base/arith.h"
#include "image/pe.h"

enum {
	PAGE = 4096,
	INSTRUCTION = 4,
};

/* No kernel comes near these; a larger number is damage. */
#define TEXT_OFFSET_MAX GiB(1)
#define MEMORY_SIZE_MAX GiB(2)

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

bool raw_image_check(
	struct view bytes, enum cpu_arch arch, const struct raw_image *image, struct error *err)
{
	if (bytes.n < RAW_IMAGE_HEADER_SIZE)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its header", bytes.n);
	if (!check_pe(bytes, arch, err))
		return false;
	if (image->text_offset % PAGE || image->text_offset > TEXT_OFFSET_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it wants to lie %#llx bytes behind a multiple of %#llx",
			(unsigned long long)image->text_offset,
			(unsigned long long)image->alignment);
	if (image->memory_size < bytes.n || image->memory_size > MEMORY_SIZE_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it says that it needs %llu bytes of memory, its file has %zu",
			(unsigned long long)image->memory_size, bytes.n);
	if (image->entry_offset % INSTRUCTION || image->entry_offset >= bytes.n)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its entry point lies %#llx bytes behind its start, its file has %#zx",
			(unsigned long long)image->entry_offset, bytes.n);
	return true;
}
