/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines of a CPU for which there are no special ones. */
#include "base/digest.h"

struct digest_engines digest_engines_of_cpu(void)
{
	return (struct digest_engines){ sha256_portable, crc32c_portable };
}
