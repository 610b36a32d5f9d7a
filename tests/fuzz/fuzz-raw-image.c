/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels that are their own image in memory, and ELF files that become one. */
#include "fuzz.h"

#include "base/arith.h"
#include "image/elf-raw.h"
#include "image/image.h"

static void check_raw(const struct raw_image *raw, uint64_t size)
{
	expect(raw->memory_size >= size && raw->memory_size <= GiB(2));
	expect(is_power_of_two(raw->alignment));
	expect(raw->text_offset % 4096 == 0 && raw->text_offset <= GiB(1));
	expect(raw->entry_offset < size);
	expect(raw->page_size == 0 || is_power_of_two(raw->page_size));
}

static bool count(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink, (void)piece, (void)err;
	return true;
}

static void check_elf(const struct image *image)
{
	struct sink sink = { count, GiB(2), 0 };
	struct error err = { 0 };

	if (image->raw.memory_size == 0)
		return;
	expect(elf_raw_write(&image->elf, &sink, &err));
	check_raw(&image->raw, sink.taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct image image;

	if (!image_parse(file, &arena, &image, &err))
		expect_bad_file(&err);
	else if (image.format == IMAGE_RAW)
		check_raw(&image.raw, size);
	else if (image.format == IMAGE_ELF)
		check_elf(&image);
	arena_free(&arena);
	return 0;
}
