/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is found in unified kernel images, with and without profiles, good and hostile. */
#include "image/pe-file.h"

#include <stdlib.h>

#include "image/bzimage-file.h"
#include "image/image.h"

static bool parse(struct arena *a, const struct pef_section *sections, size_t count,
	struct image *ret, struct error *err)
{
	*err = (struct error){ 0 };
	return image_parse(pef_view(pef_make(a, PEF_X86_64, sections, count)), a, ret, err);
}

static void assert_text(struct view v, const char *text)
{
	assert_true(view_equal(v, view_of_string(text)));
}

static void all_sections(void **state)
{
	static const struct pef_section sections[] = {
		{ ".text", "program", { 0 } },
		{ ".osrel", "ID=test\n", { 0 } },
		{ ".cmdline", "root=/dev/sda1 quiet\n", { 0 } },
		{ ".uname", "6.12.1-test\n", { 0 } },
		{ ".splash", "BM", { 0 } },
		{ ".ucode", "microcode", { 0 } },
		{ ".initrd", "initrd", { 0 } },
		{ ".dtb", "first tree", { 0 } },
		{ ".dtb", "second tree", { 0 } },
		{ ".dtbauto", "third tree", { 0 } },
		{ ".dtbauto", "fourth tree", { 0 } },
		{ ".pcrsig", "{}", { 0 } },
		{ ".linux", "kernel", { 0 } },
	};
	struct arena a = { 0 };
	struct error err;
	struct image image;

	(void)state;
	if (!parse(&a, sections, sizeof sections / sizeof sections[0], &image, &err))
		fail_msg("%s", err.reason);
	assert_int_equal(image.format, IMAGE_UKI);
	assert_int_equal(image.arch, ARCH_X86_64);
	assert_string_equal(image.name, "unified kernel image (UKI)");
	assert_string_equal(image.version, "6.12.1-test");
	assert_text(image.uki.kernel, "kernel");
	assert_text(image.uki.initrd, "initrd");
	assert_text(image.uki.microcode, "microcode");
	assert_text(image.uki.os_release, "ID=test\n");
	assert_text(image.uki.splash, "BM");
	assert_string_equal(image.uki.command_line, "root=/dev/sda1 quiet");
	assert_text(image.uki.device_tree, "first tree");
	assert_int_equal(image.uki.device_tree_auto_count, 2);
	assert_text(image.uki.device_trees_auto[0], "third tree");
	assert_text(image.uki.device_trees_auto[1], "fourth tree");
	assert_int_equal(image.uki.profiles, 0);
	assert_false(image.uki.is_signed);
	assert_true(image_has_type(&image, "uki"));
	assert_false(image_has_type(&image, "bzImage"));
	assert_null(image_wrapper(image.bytes));
	arena_free(&a);
}

static void a_kernel_is_enough(void **state)
{
	static const struct pef_section sections[] = { { ".linux", "kernel", { 0 } } };
	struct arena a = { 0 };
	struct error err = { 0 };
	struct image image;
	struct view signed_file =
		pef_view(pef_make_signed(&a, PEF_ARM64, sections, 1, view_of_string("signature")));

	(void)state;
	assert_true(parse(&a, sections, 1, &image, &err));
	assert_int_equal(image.uki.initrd.n, 0);
	assert_int_equal(image.uki.microcode.n, 0);
	assert_null(image.uki.command_line);
	assert_string_equal(image.uki.release, "");
	assert_string_equal(image.version, "");
	assert_int_equal(image.uki.device_tree.n, 0);
	assert_int_equal(image.uki.device_tree_auto_count, 0);
	assert_true(image_parse(signed_file, &a, &image, &err));
	assert_true(image.uki.is_signed);
	assert_int_equal(image.arch, ARCH_ARM64);
	arena_free(&a);
}

/* Without a section .linux it is a program like another, or an addon. */
static void no_kernel(void **state)
{
	static const struct pef_section sections[] = {
		{ ".cmdline", "quiet", { 0 } },
		{ ".linuxx", "kernel", { 0 } },
		{ "linux", "kernel", { 0 } },
	};
	static const struct pef_section empty[] = { { ".linux", "", { 0 } } };
	struct arena a = { 0 };
	struct error err;
	struct image image;

	(void)state;
	assert_true(parse(&a, sections, 3, &image, &err));
	assert_int_equal(image.format, IMAGE_FOREIGN);
	assert_string_equal(image.name, "EFI program (PE)");
	assert_false(image_has_type(&image, "uki"));
	assert_false(parse(&a, empty, 1, &image, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	assert_reason(err, "(UKI): there is no kernel in it (section .linux)");
	arena_free(&a);
}

static void the_command_line_is_one_line(void **state)
{
	static const struct {
		struct view bytes;
		const char *expected;
	} rows[] = {
#define BYTES(s) { (const uint8_t *)(s), sizeof(s) - 1 }
		{ BYTES("quiet"), "quiet" },
		{ BYTES("quiet\n"), "quiet" },
		{ BYTES("quiet \t\r\n\v\f"), "quiet" },
		{ BYTES("quiet\0"), "quiet" },
		{ BYTES("quiet \0\0\0"), "quiet" },
		{ BYTES("quiet\n\0\n\0"), "quiet" },
		{ BYTES("quiet\0splash"), "quiet" },
		{ BYTES("a=\"b c\"  d "), "a=\"b c\"  d" },
		{ BYTES("  quiet"), "quiet" },
		{ BYTES("a\nb\r\n\tc"), "a b   c" },
		{ BYTES("\x1b[2Ja\x7f"
			"b\x01"),
			"[2Ja b" },
		{ BYTES("a=\xc3\xa4"), "a=\xc3\xa4" },
		{ BYTES("\n"), "" },
		{ BYTES("\0"), "" },
		{ BYTES(""), "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct pef_section sections[] = {
			{ ".linux", "kernel", { 0 } },
			{ ".cmdline", NULL, rows[i].bytes },
		};
		struct arena a = { 0 };
		struct error err;
		struct image image;

		assert_true(parse(&a, sections, 2, &image, &err));
		assert_non_null(image.uki.command_line);
		assert_string_equal(image.uki.command_line, rows[i].expected);
		arena_free(&a);
	}
}

/* UAPI.5, "Multi-Profile UKIs": the first profile's sections stand for those of the base. */
static void profiles(void **state)
{
	static const struct pef_section sections[] = {
		{ ".linux", "kernel", { 0 } },
		{ ".initrd", "initrd of the base", { 0 } },
		{ ".cmdline", "base", { 0 } },
		{ ".dtb", "tree of the base", { 0 } },
		{ ".dtbauto", "one of the base", { 0 } },
		{ ".dtbauto", "other of the base", { 0 } },
		{ ".profile", "ID=regular", { 0 } },
		{ ".cmdline", "regular", { 0 } },
		{ ".dtbauto", "regular tree", { 0 } },
		{ ".profile", "ID=reset", { 0 } },
		{ ".cmdline", "reset", { 0 } },
		{ ".initrd", "initrd for the reset", { 0 } },
		{ ".ucode", "microcode for the reset", { 0 } },
		{ ".dtbauto", "tree for the reset", { 0 } },
		{ ".profile", "ID=storage", { 0 } },
		{ ".cmdline", "storage", { 0 } },
		{ ".cmdline", "what is no profile of ours may be anything", { 0 } },
	};
	static const struct pef_section only_in_profile[] = {
		{ ".profile", "ID=regular", { 0 } },
		{ ".linux", "kernel", { 0 } },
	};
	static const struct pef_section only_in_second[] = {
		{ ".profile", "ID=regular", { 0 } },
		{ ".profile", "ID=other", { 0 } },
		{ ".linux", "kernel", { 0 } },
	};
	struct arena a = { 0 };
	struct error err;
	struct image image;

	(void)state;
	assert_true(parse(&a, sections, sizeof sections / sizeof sections[0], &image, &err));
	assert_int_equal(image.uki.profiles, 3);
	assert_string_equal(image.uki.command_line, "regular");
	assert_text(image.uki.initrd, "initrd of the base");
	assert_int_equal(image.uki.microcode.n, 0);
	assert_text(image.uki.device_tree, "tree of the base");
	assert_int_equal(image.uki.device_tree_auto_count, 1);
	assert_text(image.uki.device_trees_auto[0], "regular tree");
	assert_true(parse(&a, only_in_profile, 2, &image, &err));
	assert_text(image.uki.kernel, "kernel");
	assert_false(parse(&a, only_in_second, 3, &image, &err));
	assert_reason(err, "there is no kernel in it");
	arena_free(&a);
}

static void singletons_are_single(void **state)
{
	static const char *const names[] = { ".linux", ".initrd", ".ucode", ".cmdline", ".osrel",
		".uname", ".splash" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct pef_section in_base[] = {
			{ ".linux", "kernel", { 0 } },
			{ names[i], "one", { 0 } },
			{ names[i], "two", { 0 } },
		};
		const struct pef_section in_profile[] = {
			{ ".linux", "kernel", { 0 } },
			{ ".profile", "ID=x", { 0 } },
			{ names[i], "one", { 0 } },
			{ names[i], "two", { 0 } },
		};
		struct arena a = { 0 };
		struct error err;
		struct image image;

		assert_false(parse(&a, in_base, 3, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(err, "it has two sections .");
		assert_false(parse(&a, in_profile, 4, &image, &err));
		assert_reason(err, names[i]);
		arena_free(&a);
	}
}

/* What is damaged is called a damaged UKI, not a file of no known format. */
static void damage_is_named(void **state)
{
	static const struct pef_section sections[] = {
		{ ".initrd", "initrd", { 0 } },
		{ ".linux", "kernel", { 0 } },
	};
	static const struct {
		uint64_t offset;
		uint32_t bad;
		enum fault fault;
		const char *text;
	} rows[] = {
		{ PEF_TABLE + 20, PEF_BLOCK * 2, FAULT_IMAGE_CORRUPT, " overlap at byte 1024" },
		{ PEF_TABLE + 20, 0x10000, FAULT_IMAGE_TRUNCATED, "its section .initrd" },
		{ PEF_TABLE + 60, 0x10000, FAULT_IMAGE_TRUNCATED, "its section .linux" },
		{ PEF_TABLE + 48, 0, FAULT_IMAGE_CORRUPT, "there is no kernel in it" },
		{ PEF_TABLE + 56, 0, FAULT_IMAGE_CORRUPT, "there is no kernel in it" },
		{ PEF_TABLE + 48, UINT32_MAX, FAULT_IMAGE_CORRUPT, "reaches past 4 GiB" },
		{ PEF_COFF, UINT32_MAX, FAULT_IMAGE_CORRUPT, "it has 65535 sections" },
		{ PEF_OPTIONAL, 0, FAULT_IMAGE_CORRUPT, "the magic number 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct block file = pef_make(&a, PEF_X86_64, sections, 2);
		struct error err = { 0 };
		struct image image = { .name = "untouched" };

		block_put_le32(&file, rows[i].offset, rows[i].bad);
		assert_false(image_parse(pef_view(file), &a, &image, &err));
		assert_int_equal(err.fault, rows[i].fault);
		assert_reason(err, "unified kernel image (UKI): ");
		assert_reason(err, rows[i].text);
		assert_string_equal(image.name, "untouched");
		arena_free(&a);
	}
}

/* A kernel with an EFI stub is a PE file too; what it calls a section does not make it a UKI. */
static void a_bzimage_stays_one(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct error err = { 0 };
	struct image image;

	(void)state;
	bz_make_efi(&file);
	block_put_le16(&file, 0x40 + 6, 1);
	block_put_bytes(&file, 0x40 + 24, view_of_string(".linux"));
	assert_true(uki_probe(bz_view(file)));
	assert_true(image_parse(bz_view(file), &a, &image, &err));
	assert_int_equal(image.format, IMAGE_BZIMAGE);
	arena_free(&a);
}

static void cut_at_every_byte(void **state)
{
	static const struct pef_section sections[] = {
		{ ".cmdline", "quiet", { 0 } },
		{ ".initrd", "initrd", { 0 } },
		{ ".linux", "kernel", { 0 } },
	};
	const size_t kernel_ends = 3 * PEF_BLOCK + strlen("kernel");
	struct arena a = { 0 };
	struct block file = pef_make(&a, PEF_X86_64, sections, 3);

	(void)state;
	for (size_t n = 0; n < file.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct error err = { 0 };
		struct image image;
		bool ok;

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		ok = image_parse((struct view){ copy, n }, &a, &image, &err);
		/* Before the name of the kernel's section it is any program. */
		if (n >= pef_header(2) + 8)
			assert_int_equal(ok, n >= kernel_ends);
		if (ok)
			assert_int_equal(
				image.format, n >= kernel_ends ? IMAGE_UKI : IMAGE_FOREIGN);
		else
			assert_int_equal(err.fault,
				n < PEF_COFF + 2 ? FAULT_IMAGE_UNKNOWN : FAULT_IMAGE_TRUNCATED);
		free(copy);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(all_sections),
		CASE(a_kernel_is_enough),
		CASE(no_kernel),
		CASE(the_command_line_is_one_line),
		CASE(profiles),
		CASE(singletons_are_single),
		CASE(damage_is_named),
		CASE(a_bzimage_stays_one),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
