/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "stub/abi.h"
#include "stub/stub.h"

static void the_arguments_are_zeroed(void **state)
{
	const struct view blob = stub_x86_64.blob;

	(void)state;
	assert_true(blob.n > STUB_ENTRY_OFFSET);
	for (size_t i = 0; i < STUB_ENTRY_OFFSET; i++)
		assert_int_equal(blob.p[i], 0);
}

/* The first thing to do is to look at the clock: RDTSC is 0f 31. */
static void the_code_is_where_the_abi_says(void **state)
{
	const uint8_t *entry = stub_x86_64.blob.p + STUB_ENTRY_OFFSET;

	(void)state;
	assert_int_equal(entry[0], 0x0f);
	assert_int_equal(entry[1], 0x31);
}

static void it_stays_small(void **state)
{
	(void)state;
	assert_string_equal(stub_x86_64.cpu, "x86_64");
	assert_true(stub_x86_64.blob.n <= 16384);
	assert_true(stub_x86_64.scratch > 0);
	assert_int_equal(stub_x86_64.scratch % 4096, 0);
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
