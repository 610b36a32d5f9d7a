/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names of an initrd's members, by unpacking all of it: whatever its size, the memory for that is one
 * name and what the decoder keeps.
 */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "codec/codec.h"

/* An archive of it, when it is over: members in plain cpio up to a trailer, or what one compression holds. */
struct initrd_listed {
	const struct codec *codec; /* NULL: plain */
	uint64_t at, packed, unpacked;
	size_t members; /* without the trailer */
};

struct initrd_listing {
	void (*member)(void *context, struct view name); /* for each, in order; of trailers too */
	void (*archive)(void *context, const struct initrd_listed *archive); /* NULL: nobody asks */
	void *context;
	uint64_t unpacked_max;          /* more than this is FAULT_COMPRESSION_BOMB */
	const struct sink_watch *watch; /* NULL: nobody */
};

/*
 * False where not all of it can be listed: it is damaged, larger than the limit, or packed in a way for which
 * there is no decoder here (FAULT_INITRD_PACKING). What was listed up to there counts.
 */
bool initrd_list(struct view file, const struct initrd_listing *to, struct error *err)
	__attribute__((warn_unused_result));
