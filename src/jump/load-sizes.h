/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large what a job loads is, and becomes in the next kernel. It knows nothing of what memory there is. */
#pragma once

#include "jump/job.h"

struct load_sizes {
	uint64_t kernel;  /* bytes that the kernel says it needs until it has started; 0: unknown */
	uint64_t initrds; /* of their files */
	uint64_t unpacked; /* of all archives in them, each of which is unpacked for it */
	bool has_unpacked; /* false: one cannot be unpacked here, so that it is not known */
};

/* Of a job that was prepared or surveyed; what that has not come to is unknown. */
struct load_sizes load_sizes_of(const struct job *job);
