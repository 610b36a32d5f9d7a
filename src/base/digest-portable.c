/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines of a CPU for which there are no special ones. */
#include "base/digest.h"

struct digest_engines digest_engines_of_cpu(void)
{
	struct digest_engines engines;

	/* As a whole, compilers for 32-bit Arm copy it from a table of addresses, which a stub has nobody to fill in. */
	engines.sha256 = sha256_portable;
	engines.crc32c = crc32c_portable;
	return engines;
}
