/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ELF files and Multiboot headers, whichever of their formats image_parse would choose. */
#include "fuzz.h"

#include <string.h>

#include "base/arith.h"
#include "image/image.h"

static void check_elf(const struct elf *elf, struct view file)
{
	phys_t end = 0;

	expect(elf->load_count > 0 && elf->load_count <= ELF_LOADS_MAX);
	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];

		expect_inside(load->bytes, file);
		expect(load->memory.size > 0 && load->bytes.n <= load->memory.size);
		expect(load->memory.size - 1 <= PHYS_MAX - load->memory.start);
		expect(i == 0 || load->memory.start >= end);
		end = range_end(load->memory);
	}
	expect(elf->memory.start == elf->loads[0].memory.start && range_end(elf->memory) == end);
	expect(elf_has_bytes_at(elf, elf->entry));
}

static void check_multiboot(const struct multiboot *kernel, struct view file)
{
	check_elf(&kernel->program, file);
	expect(kernel->version == 1 || kernel->version == 2);
	expect(range_end(kernel->program.memory) - 1 <= UINT32_MAX);
	if (kernel->relocatable)
		expect(is_power_of_two(kernel->align) && kernel->first <= kernel->last);
}

static void try_as(struct view file, const char *type)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct image image;

	if (!image_parse_as(file, type, &arena, &image, &err)) {
		expect_bad_file(&err);
	} else if (image.format == IMAGE_ELF) {
		check_elf(&image.elf, file);
		expect(strlen(image.version) <= 256);
		expect(image.bzimage.setup_header.n > 0);
	} else if (image.format == IMAGE_MULTIBOOT) {
		check_multiboot(&image.multiboot, file);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "multiboot2-x86", "elf-x86_64", "multiboot-x86",
		"elf-x86" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		try_as((struct view){ data, size }, types[i]);
	return 0;
}
