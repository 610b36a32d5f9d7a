/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a crash kernel needs, and what is worth reserving: numbers in, numbers out. */
#include "test.h"

#include "base/arith.h"
#include "crash/needs.h"

static const struct crash_load_sizes debian = { .kernel = MiB(62),
	.initrd = MiB(30),
	.initrd_unpacked = MiB(100),
	.has_unpacked = true,
	.headers = MiB(1) };

static void all_is_added_up(void **state)
{
	const struct crash_needs needs = crash_needs_sum(&debian, MiB(256));

	(void)state;
	assert_true(needs.is_known);
	assert_int_equal(needs.pages, 256 * 256 * 72);
	assert_int_equal(
		needs.total, MiB(62) + MiB(30) + MiB(100) + MiB(1) + needs.pages + needs.work);
	assert_int_equal(crash_recommend(MiB(192), &needs), MiB(256));
	assert_int_equal(crash_recommend(MiB(512), &needs), MiB(512));
}

static void what_is_not_known_is_not_added(void **state)
{
	struct crash_load_sizes sizes = debian;
	struct crash_needs needs;

	(void)state;
	sizes.has_unpacked = false;
	needs = crash_needs_sum(&sizes, MiB(256));
	assert_false(needs.is_known);
	assert_int_equal(crash_recommend(MiB(192), &needs), MiB(192));
	assert_int_equal(crash_recommend(0, &needs), 0);
	sizes = debian;
	sizes.kernel = 0;
	assert_false(crash_needs_sum(&sizes, 0).is_known);
	sizes = debian;
	sizes.initrd_unpacked = UINT64_MAX - 5;
	assert_false(crash_needs_sum(&sizes, 0).is_known);
}

static void the_usual_is_by_memory(void **state)
{
	static const struct {
		enum cpu_arch arch;
		uint64_t ram, page, mib;
	} rows[] = {
		{ ARCH_X86_64, MiB(512), 4096, 0 },
		{ ARCH_X86_64, GiB(1), 4096, 192 },
		{ ARCH_X86_64, GiB(4) - 1, 4096, 192 },
		{ ARCH_X86_64, GiB(4), 4096, 256 },
		{ ARCH_X86_64, GiB(64), 4096, 512 },
		{ ARCH_I386, GiB(2), 4096, 192 },
		{ ARCH_ARM64, GiB(8), 4096, 320 },
		{ ARCH_ARM64, GiB(8), 65536, 0 },
		{ ARCH_RISCV64, GiB(8), 4096, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(crash_usual_reserve(rows[i].arch, rows[i].ram, rows[i].page),
			MiB(rows[i].mib));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(all_is_added_up),
		CASE(what_is_not_known_is_not_added),
		CASE(the_usual_is_by_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
