/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the stub that decides, run as a part of this program over this program's memory. */
#include "test.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "stub/common/verify.h"

static uint8_t first[700], second[65], third[1];

static const enum stub_check checks[] = { STUB_CHECK_SHA256, STUB_CHECK_CRC32C };

static const enum stub_check_word words[] = {
	[STUB_CHECK_NONE] = STUB_WORD_NONE,
	[STUB_CHECK_SHA256] = STUB_WORD_SHA256,
	[STUB_CHECK_CRC32C] = STUB_WORD_CRC32C,
};

static struct stub_args make(enum stub_check check)
{
	struct stub_args args = {
		.magic = STUB_MAGIC, .version = STUB_VERSION, .check = words[check]
	};
	struct digest d;

	for (size_t i = 0; i < sizeof(first); i++)
		first[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(second); i++)
		second[i] = (uint8_t)(i * 31 + 5);
	third[0] = 0xa5;
	args.regions[0] = (struct stub_region){ (uintptr_t)first, sizeof(first) };
	args.regions[1] = (struct stub_region){ (uintptr_t)second, sizeof(second) };
	args.regions[2] = (struct stub_region){ (uintptr_t)third, sizeof(third) };
	args.region_count = 3;

	digest_begin(&d, (enum digest_kind)check);
	digest_add(&d, (struct view){ first, sizeof(first) });
	digest_add(&d, (struct view){ second, sizeof(second) });
	digest_add(&d, (struct view){ third, sizeof(third) });
	digest_end(&d, args.digest);
	return args;
}

static void assert_verdict(const struct stub_args *args, enum stub_verdict wanted)
{
	const struct digest_engines portable = { sha256_portable, crc32c_portable };

	assert_int_equal(stub_verify(args, digest_engines_of_cpu()), wanted);
	assert_int_equal(stub_verify(args, portable), wanted);
}

static void good_bytes_are_good(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct stub_args args = make(checks[i]);

		assert_verdict(&args, STUB_GOOD);
	}
}

static void each_damaged_byte_is_found(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct stub_args args = make(checks[i]);

		for (uint32_t r = 0; r < args.region_count; r++) {
			uint8_t *p = (uint8_t *)(uintptr_t)args.regions[r].start;

			for (uint64_t at = 0; at < args.regions[r].size; at++) {
				p[at] ^= (uint8_t)(1 << at % 8);
				assert_verdict(&args, STUB_DAMAGED);
				p[at] ^= (uint8_t)(1 << at % 8);
			}
		}
		assert_verdict(&args, STUB_GOOD);
	}
}

static void each_damaged_byte_of_the_digest_is_found(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct stub_args args = make(checks[i]);

		for (int at = 0; at < STUB_DIGEST_SIZE; at++) {
			args.digest[at] ^= 0x80;
			assert_verdict(&args, STUB_DAMAGED);
			args.digest[at] ^= 0x80;
		}
	}
}

static void regions_count_and_have_an_order(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct stub_args args = make(checks[i]);
		const struct stub_region saved = args.regions[0];

		args.region_count = 2;
		assert_verdict(&args, STUB_DAMAGED);
		args.region_count = 3;
		args.regions[0] = args.regions[1];
		args.regions[1] = saved;
		assert_verdict(&args, STUB_DAMAGED);
	}
}

/* As the loader lays it out: the last region is the stub with its block, behind the digest. */
static struct stub_args block;

static void make_block(enum stub_check check)
{
	struct digest d;

	block = make(check);
	block.regions[block.region_count++] =
		(struct stub_region){ (uintptr_t)&block + STUB_DIGEST_SIZE,
			sizeof block - STUB_DIGEST_SIZE };
	digest_begin(&d, (enum digest_kind)check);
	for (uint32_t i = 0; i < block.region_count; i++)
		digest_add(&d,
			(struct view){ (const uint8_t *)(uintptr_t)block.regions[i].start,
				(size_t)block.regions[i].size });
	digest_end(&d, block.digest);
}

/* A region that is nowhere: between the kernels it is a fault as well, which resets the machine. */
static sigjmp_buf faulted;

static void on_fault(int signal)
{
	(void)signal;
	siglongjmp(faulted, 1);
}

/* Behind a flipped bit of a region there is memory of this program that a sanitizer guards. */
static bool is_watched(size_t at)
{
	const size_t first_region = offsetof(struct stub_args, regions);

	return IS_SANITIZED && at >= first_region &&
		at < first_region + 4 * sizeof(struct stub_region);
}

static enum stub_verdict verify_or_fault(void)
{
	if (sigsetjmp(faulted, 1) != 0)
		return STUB_FAULTED;
	return stub_verify(&block, digest_engines_of_cpu());
}

static void no_flipped_bit_of_the_block_is_accepted(void **state)
{
	const struct sigaction action = { .sa_handler = on_fault };
	struct sigaction before[2];
	unsigned flips = 0;

	(void)state;
	sigaction(SIGSEGV, &action, &before[0]);
	sigaction(SIGBUS, &action, &before[1]);
	for (int i = 0; i < 2; i++) {
		make_block(checks[i]);
		assert_verdict(&block, STUB_GOOD);
		for (size_t bit = 0; bit < 8 * sizeof block; bit++) {
			volatile uint8_t *byte = (uint8_t *)&block + bit / 8;

			if (is_watched(bit / 8))
				continue;
			*byte ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(verify_or_fault(), STUB_GOOD);
			*byte ^= (uint8_t)(1 << bit % 8);
			flips++;
		}
	}
	assert_true(IS_SANITIZED || flips == 2 * 8 * sizeof block);
	sigaction(SIGSEGV, &before[0], NULL);
	sigaction(SIGBUS, &before[1], NULL);
}

static void no_check_looks_at_nothing(void **state)
{
	struct stub_args args = make(STUB_CHECK_NONE);

	(void)state;
	args.regions[0] = (struct stub_region){ 1, UINT64_MAX - 1 };
	assert_verdict(&args, STUB_GOOD);
}

static void arguments_that_it_does_not_understand(void **state)
{
	struct stub_args args = make(STUB_CHECK_SHA256);

	(void)state;
	args.magic++;
	assert_verdict(&args, STUB_FOREIGN);
	args = make(STUB_CHECK_SHA256);
	args.version++;
	assert_verdict(&args, STUB_FOREIGN);
	args = make(STUB_CHECK_SHA256);
	args.check = STUB_CHECK_SHA256;
	assert_verdict(&args, STUB_UNKNOWN);
	args.check = 0;
	assert_verdict(&args, STUB_UNKNOWN);
	args = make(STUB_CHECK_SHA256);
	args.region_count = STUB_REGIONS_MAX + 1;
	assert_verdict(&args, STUB_UNKNOWN);
	args = make(STUB_CHECK_SHA256);
	args.mode = STUB_MODE_REAL + 1;
	assert_verdict(&args, STUB_UNKNOWN);
	args = make(STUB_CHECK_SHA256);
	args.reset = STUB_RESET_OPAL + 1;
	assert_verdict(&args, STUB_UNKNOWN);
	args = make(STUB_CHECK_SHA256);
	args.copy_count = STUB_COPIES_MAX + 1;
	assert_verdict(&args, STUB_UNKNOWN);
}

static void the_texts_tell_them_apart(void **state)
{
	(void)state;
	assert_non_null(strstr(stub_verdict_text(STUB_DAMAGED, STUB_WORD_SHA256), "SHA-256"));
	assert_non_null(strstr(stub_verdict_text(STUB_DAMAGED, STUB_WORD_CRC32C), "CRC-32C"));
	assert_non_null(strstr(stub_verdict_text(STUB_FOREIGN, 0), "version"));
	assert_non_null(strstr(stub_verdict_text(STUB_UNKNOWN, 0), "something unknown"));
	assert_non_null(strstr(stub_verdict_text(STUB_NO_FIRMWARE, 0), "no BIOS"));
	assert_non_null(strstr(stub_verdict_text(STUB_FAULTED, 0), "fault"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(good_bytes_are_good),
		CASE(each_damaged_byte_is_found),
		CASE(each_damaged_byte_of_the_digest_is_found),
		CASE(regions_count_and_have_an_order),
		CASE(no_flipped_bit_of_the_block_is_accepted),
		CASE(no_check_looks_at_nothing),
		CASE(arguments_that_it_does_not_understand),
		CASE(the_texts_tell_them_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
