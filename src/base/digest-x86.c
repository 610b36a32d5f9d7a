/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which engines an x86 CPU has, asked with CPUID (Intel SDM volume 2, table 3-8). Freestanding;
 * the stub asks again by itself, because the host of a virtual machine may have changed meanwhile.
 */
#include "base/digest.h"

#include <cpuid.h>

enum {
	SSSE3 = 1 << 9,   /* leaf 1, ECX */
	SSE4_1 = 1 << 19, /* leaf 1, ECX */
	SSE4_2 = 1 << 20, /* leaf 1, ECX */
	SSE2 = 1 << 26,   /* leaf 1, EDX */
	SHA = 1 << 29,    /* leaf 7, EBX */
};

struct digest_engines digest_engines_of_cpu(void)
{
	struct digest_engines engines;
	unsigned int a, b, c, d, extended = 0;

	/* One by one: a stub has no table of addresses from which both could be copied. */
	engines.sha256 = sha256_portable;
	engines.crc32c = crc32c_portable;
	__cpuid(0, a, b, c, d);
	if (a >= 7)
		__cpuid_count(7, 0, a, extended, c, d);
	__cpuid(1, a, b, c, d);
	if (d & SSE2)
		engines.sha256 = sha256_sse2;
	if (c & SSSE3 && c & SSE4_1 && extended & SHA)
		engines.sha256 = sha256_sha;
	if (c & SSE4_2)
		engines.crc32c = crc32c_sse42;
	return engines;
}
