/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel files of any format: what image_parse accepts must be what image.h promises. */
#include "fuzz.h"

#include <string.h>

#include "base/arith.h"
#include "image/image.h"

static void check_bzimage(const struct image *image)
{
	enum { PAGE = 4096, HEADER_MAX = 0x290 - SETUP_HEADER_OFFSET };
	const struct bzimage *bz = &image->bzimage;

	expect(bz->protocol >> 8 == 2 && bz->protocol >= 0x0206);
	expect_inside(bz->setup_header, image->bytes);
	expect_inside(bz->kernel, image->bytes);
	expect_inside(bz->payload, bz->kernel);
	expect(bz->setup_header.n <= HEADER_MAX);
	expect(bz->kernel.n > 0);
	expect(is_power_of_two(bz->alignment) && is_power_of_two(bz->min_alignment));
	expect(bz->min_alignment >= PAGE && bz->min_alignment <= bz->alignment);
	expect(bz->init_size > 0 && bz->init_size <= GiB(2));
	expect(bz->initrd_max >= MiB(1));
	expect(bz->command_line_max > 0);
	expect(image->arch == (bz->xloadflags & XLF_KERNEL_64 ? ARCH_X86_64 : ARCH_I386));
	expect(strlen(image->version) <= 256);
	expect(image_has_type(image, "bzImage") && !image_has_type(image, "uImage"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct image image;

	if (image_parse(file, &arena, &image, &err)) {
		expect(image_wrapper(file) == NULL);
		expect(view_equal(image.bytes, file));
		expect(image.name != NULL && image.version != NULL);
		if (image.format == IMAGE_BZIMAGE)
			check_bzimage(&image);
	} else {
		expect_bad_file(&err);
		(void)image_wrapper(file);
	}
	arena_free(&arena);
	return 0;
}
