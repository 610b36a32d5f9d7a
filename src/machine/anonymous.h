/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of a machine's files goes into a capture that is shown to others: no file that is not about the machine and its
 * kernel, and of the others neither a serial number nor whose machine it is. What is put in the place of something has
 * its length, so that a binary file stays what it was; and the same is put in the place of the same, so that a capture
 * of a capture is that capture.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"

struct anonymous_name {
	const char *text;
};

/* What was seen so far. Zeros at first, but for host. */
struct anonymous {
	const char *host; /* the machine's name, where it is known; NULL: it is not */
	struct anonymous_name *uuids, *macs;
	size_t uuid_count, mac_count;
};

/*
 * A file's bytes as they may be shown, in the arena; *ret_is_left_out: nothing of it may. False when memory is out.
 */
bool anonymous_file(struct anonymous *state, const char *path, struct view bytes,
	struct arena *arena, struct view *ret, bool *ret_is_left_out)
	__attribute__((warn_unused_result));

/* Whether anything of a file by this name may be shown. */
bool anonymous_takes(const char *path);
