/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether this kernel can kexec at all, in words, and what to do where it cannot. */
#pragma once

#include "machine/config.h"

struct verdict {
	enum answer can;
	const char *why;
	const char *step; /* what to do; NULL: nothing needs to be done */
};

struct verdict verdict_of(const struct kexec_ability *ability, const struct kernel_config *config);
