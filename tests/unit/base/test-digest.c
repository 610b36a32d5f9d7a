/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-digest.h"

#include "base/digest.h"

static void digest_of(enum digest_kind kind, const char *a, const char *b, uint8_t *ret)
{
	struct digest d;

	digest_begin(&d, kind);
	digest_add(&d, (struct view){ (const uint8_t *)a, strlen(a) });
	digest_add(&d, (struct view){ 0 });
	digest_add(&d, (struct view){ (const uint8_t *)b, strlen(b) });
	digest_end(&d, ret);
}

static void each_kind_has_its_form(void **state)
{
	uint8_t digest[DIGEST_SIZE];

	(void)state;
	digest_of(DIGEST_NONE, "1234", "56789", digest);
	assert_hex(digest, DIGEST_SIZE,
		"0000000000000000000000000000000000000000000000000000000000000000");
	digest_of(DIGEST_CRC32C, "1234", "56789", digest);
	assert_hex(digest, DIGEST_SIZE,
		"839206e300000000000000000000000000000000000000000000000000000000");
	digest_of(DIGEST_SHA256, "a", "bc", digest);
	assert_hex(digest, DIGEST_SIZE,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void named_engines_give_the_same(void **state)
{
	static const enum digest_kind kinds[] = { DIGEST_SHA256, DIGEST_CRC32C };
	const struct digest_engines portable = { sha256_portable, crc32c_portable };
	uint8_t bytes[4096], ours[DIGEST_SIZE], theirs[DIGEST_SIZE];

	(void)state;
	bytes_fill(bytes, sizeof(bytes));
	for (int i = 0; i < 2; i++) {
		struct digest d;

		digest_begin_with(&d, kinds[i], portable);
		digest_add(&d, (struct view){ bytes, sizeof(bytes) });
		digest_end(&d, ours);
		digest_begin(&d, kinds[i]);
		digest_add(&d, (struct view){ bytes, sizeof(bytes) });
		digest_end(&d, theirs);
		assert_memory_equal(ours, theirs, DIGEST_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_kind_has_its_form),
		CASE(named_engines_give_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
