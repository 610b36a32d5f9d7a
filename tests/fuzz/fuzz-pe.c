/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PE files, and what is made of them: what the readers accept must be what their headers promise. */
#include "fuzz.h"

#include <string.h>

#include "image/image.h"
#include "image/pe.h"

enum { UNPACK_MAX = 1 << 20 };

static bool share_a_byte(struct view a, struct view b)
{
	return a.n && b.n && a.p < b.p + b.n && b.p < a.p + a.n;
}

/* The square of their number: enough of them to find a mistake. */
static void check_overlaps(const struct pe *pe, struct error *err)
{
	enum { SECTIONS_MAX = 64 };
	struct pe_section sections[SECTIONS_MAX];
	struct view headers = { pe->bytes.p, (size_t)(pe->table.p - pe->bytes.p) + pe->table.n };
	size_t count = pe->section_count < SECTIONS_MAX ? pe->section_count : SECTIONS_MAX;

	for (size_t i = 0; i < count; i++) {
		expect(pe_section(pe, i, &sections[i], err));
		expect(!share_a_byte(sections[i].data, headers));
		expect(!share_a_byte(sections[i].data, pe->certificates));
		for (size_t k = 0; k < i; k++)
			expect(!share_a_byte(sections[i].data, sections[k].data));
	}
}

static void check_pe(struct view file, struct arena *arena)
{
	struct error err = { 0 };
	enum cpu_arch arch;
	struct pe pe;

	if (!pe_parse(file, &pe, &err)) {
		expect_bad_file(&err);
		return;
	}
	expect(pe_probe(file, &arch) && arch == pe.arch);
	expect(pe.section_count <= PE_SECTIONS_MAX);
	expect_inside(pe.table, file);
	expect_inside(pe.certificates, file);
	for (size_t i = 0; i < pe.section_count; i++) {
		struct pe_section section;

		err = (struct error){ 0 };
		if (!pe_section(&pe, i, &section, &err)) {
			expect_bad_file(&err);
			continue;
		}
		expect(strlen(section.name) <= PE_NAME_SIZE);
		expect(pe_probe_section(file, section.name));
		expect_inside(section.data, file);
	}
	err = (struct error){ 0 };
	if (pe_check_overlaps(&pe, arena, &err))
		check_overlaps(&pe, &err);
	else
		expect_bad_file(&err);
}

static void check_uki(const struct image *image)
{
	const struct uki *uki = &image->uki;
	const struct view parts[] = { uki->kernel, uki->microcode, uki->initrd, uki->os_release,
		uki->splash, uki->device_tree };

	expect(uki->kernel.n > 0);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		expect_inside(parts[i], image->bytes);
		for (size_t k = 0; k < i; k++)
			expect(!share_a_byte(parts[i], parts[k]));
	}
	for (size_t i = 0; i < uki->device_tree_auto_count; i++)
		expect_inside(uki->device_trees_auto[i], image->bytes);
	expect(uki->release != NULL && image->version == uki->release);
	if (uki->command_line && uki->command_line[0])
		expect(!strchr(" \t\n\v\f\r", uki->command_line[strlen(uki->command_line) - 1]));
	expect(image_has_type(image, "uki"));
}

static bool put(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink, (void)piece, (void)err;
	return true;
}

static void check_zboot(const struct image *image)
{
	struct sink sink = { put, UNPACK_MAX, 0 };
	struct error err = { 0 };

	expect_inside(image->zboot.payload.bytes, image->bytes);
	expect(image->zboot.payload.bytes.n > 0);
	expect(image_has_type(image, "vmlinuz"));
	if (!payload_unpack(&image->zboot.payload, &sink, &err))
		expect_bad_file(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct image image;

	check_pe(file, &arena);
	if (!image_parse(file, &arena, &image, &err))
		expect_bad_file(&err);
	else if (image.format == IMAGE_UKI)
		check_uki(&image);
	else if (image.format == IMAGE_ZBOOT)
		check_zboot(&image);
	arena_free(&arena);
	return 0;
}
