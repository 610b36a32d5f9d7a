/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-digest.h"

#include "base/digest.h"

/* Engines that every build has, and the one that this CPU gets. */
static sha256_engine *const engines[] = {
	sha256_portable,
#if defined(__x86_64__)
	sha256_sse2,
#endif
};

enum { ENGINES = sizeof(engines) / sizeof(engines[0]) };

static void compute(sha256_engine *engine, const void *p, size_t n, uint8_t ret[static SHA256_SIZE])
{
	struct sha256 s;

	sha256_begin(&s, engine);
	sha256_update(&s, p, n);
	sha256_end(&s, ret);
}

/* FIPS 180-4's examples, and what coreutils' sha256sum says. */
static const struct {
	const char *text;
	const char *digest;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
	  "lm"
	  "nopqrsmnopqrstnopqrstu",
		"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

static void the_standards_examples(void **state)
{
	uint8_t digest[SHA256_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		for (int e = 0; e < ENGINES; e++) {
			compute(engines[e], vectors[i].text, strlen(vectors[i].text), digest);
			assert_hex(digest, SHA256_SIZE, vectors[i].digest);
		}
		compute(digest_engines_of_cpu().sha256, vectors[i].text, strlen(vectors[i].text),
			digest);
		assert_hex(digest, SHA256_SIZE, vectors[i].digest);
	}
}

static void a_million_times_a(void **state)
{
	uint8_t digest[SHA256_SIZE];
	uint8_t as[1000];

	(void)state;
	memset(as, 'a', sizeof(as));
	for (int e = 0; e <= ENGINES; e++) {
		struct sha256 s;

		sha256_begin(&s, e < ENGINES ? engines[e] : digest_engines_of_cpu().sha256);
		for (int i = 0; i < 1000; i++)
			sha256_update(&s, as, sizeof(as));
		sha256_end(&s, digest);
		assert_hex(digest, SHA256_SIZE,
			"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	}
}

/* The length of a message of more than 2^32 bits needs more than its low word. */
static void more_bits_than_32(void **state)
{
	static const uint8_t zeros[1 << 16];
	struct sha256 s;
	uint8_t digest[SHA256_SIZE];

	(void)state;
	sha256_begin(&s, digest_engines_of_cpu().sha256);
	for (int i = 0; i < 8193; i++)
		sha256_update(&s, zeros, sizeof(zeros));
	sha256_end(&s, digest);
	assert_hex(digest, SHA256_SIZE,
		"c0ad129492217653b018009815285a2128bf46fff4d4f978a58e27866dc7a71a");
}

static void engines_agree_at_every_length(void **state)
{
	uint8_t bytes[300 + 16], wanted[SHA256_SIZE], digest[SHA256_SIZE];

	(void)state;
	bytes_fill(bytes, sizeof(bytes));
	for (size_t n = 0; n <= 300; n++) {
		for (size_t shift = 0; shift < 16; shift++) {
			compute(sha256_portable, bytes + shift, n, wanted);
			for (int e = 1; e < ENGINES; e++) {
				compute(engines[e], bytes + shift, n, digest);
				assert_memory_equal(digest, wanted, SHA256_SIZE);
			}
			compute(digest_engines_of_cpu().sha256, bytes + shift, n, digest);
			assert_memory_equal(digest, wanted, SHA256_SIZE);
		}
	}
}

static void pieces_do_not_matter(void **state)
{
	uint8_t bytes[5000], wanted[SHA256_SIZE], digest[SHA256_SIZE];
	uint32_t random = 1;

	(void)state;
	bytes_fill(bytes, sizeof(bytes));
	compute(sha256_portable, bytes, sizeof(bytes), wanted);
	for (int run = 0; run < 300; run++) {
		struct sha256 s;
		size_t n;

		sha256_begin(&s, run % 2 ? sha256_portable : digest_engines_of_cpu().sha256);
		for (size_t at = 0; at < sizeof(bytes); at += n) {
			n = length_next(&random, run % 3 ? 200 : 10);
			n = n < sizeof(bytes) - at ? n : sizeof(bytes) - at;
			sha256_update(&s, bytes + at, n);
		}
		sha256_end(&s, digest);
		assert_memory_equal(digest, wanted, SHA256_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_standards_examples),
		CASE(a_million_times_a),
		CASE(more_bits_than_32),
		CASE(engines_agree_at_every_length),
		CASE(pieces_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
