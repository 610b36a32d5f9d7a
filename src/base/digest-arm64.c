/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which engines an arm64 CPU has, as its ID register says (Arm ARM, ID_AA64ISAR0_EL1). Freestanding;
 * Linux, since 4.11, answers programs the same that the CPU answers the stub.
 */
#include "base/digest.h"

enum {
	SHA2_SHIFT = 12,
	CRC32_SHIFT = 16,
	FIELD = 0xf,
};

struct digest_engines digest_engines_of_cpu(void)
{
	struct digest_engines engines = { sha256_portable, crc32c_portable };
	uint64_t features;

	__asm__("mrs %0, id_aa64isar0_el1" : "=r"(features));
	if (features >> SHA2_SHIFT & FIELD)
		engines.sha256 = sha256_sha2;
	if (features >> CRC32_SHIFT & FIELD)
		engines.crc32c = crc32c_crc32;
	return engines;
}
