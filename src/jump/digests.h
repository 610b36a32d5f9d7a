/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which bytes one of the job's files has, without reading them again: digests that were computed in this boot, as long
 * as the file is the same by all that its file system says of it (CHECKED_FILE).
 */
#pragma once

#include "jump/job.h"

/*
 * A line's part that says all of a file, and is the same only for the same; place is in front of it. NULL: none can
 * be written.
 */
const char *digests_identity(struct job *job, const char *place, const struct file *file);

/* False where they are not known, and cannot be computed now or must not (ready_wish.may_read). */
bool digests_of(struct job *job, const struct file *file, struct ready_source *ret)
	__attribute__((warn_unused_result));
