/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the three a file is. */
#include "codec/pack.h"

#include "image/pe-file.h"
#include "image/uimage-file.h"
#include "initrd/cpio.h"
#include "inspect/inspect.h"

static void an_initrd_by_what_comes_out_of_it(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "init", "x");
	uint8_t zeros[512] = { 0 };

	(void)state;
	assert_int_equal(inspect_kind_of(cpio), INSPECT_INITRD);
	assert_int_equal(inspect_kind_of(join(&a, (struct view){ zeros, sizeof zeros }, cpio)),
		INSPECT_INITRD);
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view other = packers[i].pack(&a, view_of_string("a kernel, or whatever"));

		assert_int_equal(inspect_kind_of(packers[i].pack(&a, cpio)), INSPECT_INITRD);
		assert_int_equal(inspect_kind_of(other), INSPECT_KERNEL);
	}
	arena_free(&a);
}

/* Whether it is whole, is asked afterwards. */
static void what_is_in_a_uimage(void **state)
{
	enum { INITRD_TYPE = 3 };
	struct arena a = { 0 };
	struct block file = uif_make(&a, UIF_ARM, 0, view_of_string("anything"));

	(void)state;
	assert_int_equal(inspect_kind_of(uif_view(file)), INSPECT_KERNEL);
	block_put_u8(&file, UIF_TYPE, INITRD_TYPE);
	for (size_t n = UIF_TYPE + 1; n <= file.n; n++)
		assert_int_equal(inspect_kind_of(view_first(uif_view(file), n)), INSPECT_INITRD);
	assert_int_equal(inspect_kind_of(view_first(uif_view(file), UIF_TYPE)), INSPECT_KERNEL);
	arena_free(&a);
}

static void a_tree_by_its_first_bytes(void **state)
{
	(void)state;
	assert_int_equal(inspect_kind_of(view_of_string("\xd0\x0d\xfe\xed")), INSPECT_TREE);
}

/* Its parser says what is wrong with it. */
static void anything_else_is_taken_for_a_kernel(void **state)
{
	static const struct pef_section linux_section = { ".linux", "kernel", { 0 } };
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(inspect_kind_of((struct view){ 0 }), INSPECT_KERNEL);
	assert_int_equal(inspect_kind_of(view_of_string("nothing")), INSPECT_KERNEL);
	assert_int_equal(inspect_kind_of(pef_view(pef_make(&a, PEF_X86_64, &linux_section, 1))),
		INSPECT_KERNEL);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_initrd_by_what_comes_out_of_it),
		CASE(what_is_in_a_uimage),
		CASE(a_tree_by_its_first_bytes),
		CASE(anything_else_is_taken_for_a_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
