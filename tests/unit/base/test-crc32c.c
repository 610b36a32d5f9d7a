/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "test-digest.h"

#include "base/digest.h"

/* Bit by bit, as RFC 3720 §12.1 defines it. */
static uint32_t defined(const uint8_t *p, size_t n)
{
	uint32_t value = ~0u;

	for (size_t i = 0; i < n; i++) {
		value ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ CRC32C_POLYNOMIAL : value >> 1;
	}
	return ~value;
}

static uint32_t compute(crc32c_engine *engine, const uint8_t *p, size_t n)
{
	struct crc32c c;

	crc32c_begin(&c, engine);
	crc32c_update(&c, p, n);
	return crc32c_end(&c);
}

static void assert_crc(const uint8_t *p, size_t n, uint32_t wanted)
{
	assert_int_equal(compute(crc32c_portable, p, n), wanted);
	assert_int_equal(compute(digest_engines_of_cpu().crc32c, p, n), wanted);
}

/* RFC 3720 §B.4; the RFC writes the value as it lies in memory, lowest byte first. */
static void the_standards_examples(void **state)
{
	uint8_t bytes[32] = { 0 };

	(void)state;
	assert_crc(bytes, 0, 0);
	assert_crc((const uint8_t *)"123456789", 9, 0xe3069283);
	assert_crc(bytes, sizeof(bytes), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_crc(bytes, sizeof(bytes), 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	assert_crc(bytes, sizeof(bytes), 0x46dd794e);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)(31 - i);
	assert_crc(bytes, sizeof(bytes), 0x113fdb5c);
}

static void engines_agree_at_every_length(void **state)
{
	uint8_t bytes[300 + 8];

	(void)state;
	bytes_fill(bytes, sizeof(bytes));
	for (size_t n = 0; n <= 300; n++)
		for (size_t shift = 0; shift < 8; shift++)
			assert_crc(bytes + shift, n, defined(bytes + shift, n));
}

/* Around the lengths at which the fast engine begins to work in lanes. */
static void long_pieces_in_lanes(void **state)
{
	enum { LANES = 3 * 8192 };
	uint8_t *bytes = malloc(3 * LANES + 1);

	(void)state;
	assert_non_null(bytes);
	bytes_fill(bytes, 3 * LANES + 1);
	for (size_t times = 1; times <= 3; times++)
		for (size_t n = times * LANES - 9; n <= times * LANES + (times < 3 ? 9 : 0); n++)
			assert_crc(bytes + 1, n, defined(bytes + 1, n));
	free(bytes);
}

static void pieces_do_not_matter(void **state)
{
	enum { SIZE = 200000 };
	uint8_t *bytes = malloc(SIZE);
	uint32_t random = 7;
	uint32_t wanted;

	(void)state;
	assert_non_null(bytes);
	bytes_fill(bytes, SIZE);
	wanted = defined(bytes, SIZE);
	for (int run = 0; run < 60; run++) {
		struct crc32c c;
		size_t n;

		crc32c_begin(&c, run % 2 ? crc32c_portable : digest_engines_of_cpu().crc32c);
		for (size_t at = 0; at < SIZE; at += n) {
			n = length_next(&random, run % 3 ? 60000 : 300);
			n = n < SIZE - at ? n : SIZE - at;
			crc32c_update(&c, bytes + at, n);
		}
		assert_int_equal(crc32c_end(&c), wanted);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_standards_examples),
		CASE(engines_agree_at_every_length),
		CASE(long_pieces_in_lanes),
		CASE(pieces_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
