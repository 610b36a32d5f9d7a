/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32 by its check value, and against zlib. */
#include "test.h"

#include <zlib.h>

#include "base/crc32.h"

static void known_values(void **state)
{
	(void)state;
	assert_int_equal(crc32_of((struct view){ 0 }), 0);
	assert_int_equal(crc32_of(view_of_string("123456789")), 0xcbf43926);
}

static void as_zlib_computes_it(void **state)
{
	uint8_t bytes[1024];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * i >> 3);
	for (size_t n = 0; n <= sizeof bytes; n++)
		assert_int_equal(crc32_of((struct view){ bytes, n }), crc32(0, bytes, (uInt)n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(known_values),
		CASE(as_zlib_computes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
