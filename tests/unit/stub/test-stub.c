/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "stub/abi.h"
#include "stub/stub.h"

/* clang-format off */
static const struct stub *const stubs[] = {
#define CPU(id, symbol, ...) &stub_##symbol,
#define CPU_NAMED(...)
#include "base/cpus.inc"
};
/* clang-format on */

enum { STUBS = sizeof(stubs) / sizeof(stubs[0]) };

/* The first bytes of their code, where one looks at the clock first: the others are in stub/jump. */
static const struct {
	const struct stub *stub;
	size_t code_size;
	uint8_t code[8];
} clocks[] = {
	{ &stub_x86_64, 2, { 0x0f, 0x31 } }, /* rdtsc */
	{ &stub_i386, 2, { 0x0f, 0x31 } },
	{ &stub_loongarch64, 4, { 0x05, 0x68, 0x00, 0x00 } },                   /* rdtime.d a1 */
	{ &stub_arm64, 8, { 0xdf, 0x3f, 0x03, 0xd5, 0x41, 0xe0, 0x3b, 0xd5 } }, /* isb; mrs */
	{ &stub_riscv64, 4, { 0x73, 0x26, 0x10, 0xc0 } },                       /* rdtime a2 */
};

static void the_arguments_are_zeroed(void **state)
{
	(void)state;
	for (size_t n = 0; n < STUBS; n++) {
		const struct view blob = stubs[n]->blob;

		assert_true(blob.n > STUB_ENTRY_OFFSET);
		for (size_t i = 0; i < STUB_ENTRY_OFFSET; i++)
			assert_int_equal(blob.p[i], 0);
	}
}

static void the_code_is_where_the_abi_says(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof clocks / sizeof *clocks; n++)
		assert_memory_equal(clocks[n].stub->blob.p + STUB_ENTRY_OFFSET, clocks[n].code,
			clocks[n].code_size);
}

static void it_stays_small(void **state)
{
	(void)state;
	for (size_t n = 0; n < STUBS; n++) {
		assert_true(stubs[n]->blob.n <= 20480);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_arguments_are_zeroed),
		CASE(the_code_is_where_the_abi_says),
		CASE(it_stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
