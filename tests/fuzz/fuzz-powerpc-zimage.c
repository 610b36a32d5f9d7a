/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zImages of ppc64el: the kernel lies in the file, and nothing that is one passes for a kernel itself. */
#include "fuzz.h"

#include "image/elf-section.h"
#include "image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size }, section = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct image image;
	bool is_whole = elf_section_find(file, POWERPC_ZIMAGE_KERNEL, &section, &err);

	if (is_whole && section.p)
		expect_inside(section, file);
	else if (!is_whole)
		expect_bad_file(&err);
	err = (struct error){ 0 };
	if (!image_parse(file, &arena, &image, &err))
		expect_bad_file(&err);
	else if (image.format == IMAGE_POWERPC_ZIMAGE)
		expect(section.p && view_equal(image.powerpc_zimage.payload.bytes, section));
	else
		expect(image.arch != ARCH_PPC64LE || image.format != IMAGE_ELF ||
			(is_whole && !section.p));
	arena_free(&arena);
	return 0;
}
