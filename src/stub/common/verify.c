/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict on the loaded bytes. Freestanding, and it knows no CPU. */
#include "stub/common/verify.h"

_Static_assert((int)DIGEST_NONE == STUB_CHECK_NONE, "the stub's checks are digests");
_Static_assert((int)DIGEST_SHA256 == STUB_CHECK_SHA256, "the stub's checks are digests");
_Static_assert((int)DIGEST_CRC32C == STUB_CHECK_CRC32C, "the stub's checks are digests");
_Static_assert((int)DIGEST_SIZE == STUB_DIGEST_SIZE, "the stub's checks are digests");

/*
 * Every byte is looked at: there is nothing to hide here, and nothing to gain by stopping early
 * either.
 */
static bool digest_is(const uint8_t *digest, const uint8_t *wanted)
{
	uint8_t difference = 0;

	for (int i = 0; i < STUB_DIGEST_SIZE; i++)
		difference |= digest[i] ^ wanted[i];
	return difference == 0;
}

bool stub_check_of(const struct stub_args *args, enum stub_check *ret)
{
	if (args->check == STUB_WORD_NONE)
		*ret = STUB_CHECK_NONE;
	else if (args->check == STUB_WORD_SHA256)
		*ret = STUB_CHECK_SHA256;
	else if (args->check == STUB_WORD_CRC32C)
		*ret = STUB_CHECK_CRC32C;
	else
		return false;
	return true;
}

enum stub_verdict stub_understand(const struct stub_args *args)
{
	enum stub_check check;

	if (args->magic != STUB_MAGIC || args->version != STUB_VERSION)
		return STUB_FOREIGN;
	if (!stub_check_of(args, &check) || args->region_count > STUB_REGIONS_MAX ||
		args->copy_count > STUB_COPIES_MAX || args->step_count > STUB_STEPS_MAX ||
		args->mode > STUB_MODE_REAL || args->reset > STUB_RESET_OPAL)
		return STUB_UNKNOWN;
	return STUB_GOOD;
}

enum stub_verdict stub_verify(const struct stub_args *args, struct digest_engines engines)
{
	enum stub_verdict verdict = stub_understand(args);
	enum stub_check check = STUB_CHECK_SHA256;
	struct digest digest;
	uint8_t found[STUB_DIGEST_SIZE];

	if (verdict != STUB_GOOD || (stub_check_of(args, &check) && check == STUB_CHECK_NONE))
		return verdict;

	digest_begin_with(&digest, (enum digest_kind)check, engines);
	for (uint32_t i = 0; i < args->region_count; i++) {
		const struct stub_region *region = &args->regions[i];

		digest_add(&digest,
			(struct view){
				(const uint8_t *)(uintptr_t)region->start, (size_t)region->size });
	}
	digest_end(&digest, found);
	return digest_is(found, args->digest) ? STUB_GOOD : STUB_DAMAGED;
}

const char *stub_verdict_text(enum stub_verdict verdict, uint32_t check)
{
	switch (verdict) {
	case STUB_GOOD:
		return "the next kernel came back";
	case STUB_FOREIGN:
		return "the arguments of the jump are damaged or of another version";
	case STUB_UNKNOWN:
		return "the arguments of the jump ask for something unknown";
	case STUB_NO_FIRMWARE:
		return "there is no BIOS here for a kernel that starts in real mode";
	case STUB_FAULTED:
		return "the CPU met a fault between the kernels";
	case STUB_DAMAGED:
		break;
	}
	return check == STUB_WORD_SHA256
		? "the loaded kernel was damaged in memory (SHA-256 differs)"
		: "the loaded kernel was damaged in memory (CRC-32C differs)";
}
