/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A UKI's sections by their profiles. */
#include "test.h"

#include "image/pe-file.h"
#include "inspect/inspect.h"

static const struct pef_section sections[] = {
	{ .name = ".linux", .text = "kernel" },
	{ .name = ".cmdline", .text = "quiet" },
	{ .name = ".profile", .text = "ID=main\nTITLE=\"The usual\"\n" },
	{ .name = ".profile", .text = "ID=rescue\n" },
	{ .name = ".cmdline", .text = "single" },
};

enum { SECTIONS = sizeof sections / sizeof *sections };

static void sections_belong_to_profiles(void **state)
{
	struct inspect_unified found;
	struct arena a = { 0 };
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(
		pef_view(pef_make(&a, PEF_X86_64, sections, SECTIONS)), &a, &image, &err));
	assert_int_equal(image.format, IMAGE_UKI);
	assert_true(inspect_unified(&image, &a, &found, &err));
	assert_int_equal(found.count, 3);
	assert_string_equal(found.profiles[0].id, "");
	assert_int_equal(found.profiles[0].count, 2);
	assert_string_equal(found.profiles[0].sections[1].name, ".cmdline");
	assert_int_equal(found.profiles[0].sections[1].size, 5);
	assert_string_equal(found.profiles[1].id, "main");
	assert_string_equal(found.profiles[1].title, "The usual");
	assert_int_equal(found.profiles[1].count, 1);
	assert_string_equal(found.profiles[2].id, "rescue");
	assert_string_equal(found.profiles[2].title, "");
	assert_int_equal(found.profiles[2].count, 2);
	assert_string_equal(found.command_line, "quiet");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(sections_belong_to_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
