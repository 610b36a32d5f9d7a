/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory of our own for what is unpacked and needs no descriptor: codecs write straight into it. So much of it is
 * taken as was written to; the rest is only addresses.
 */
#pragma once

#include "codec/codec.h"
#include "sys/file.h"

/* A sink into it. */
struct space {
	struct sink sink;
	uint8_t *p;
	size_t size;
};

struct space_wanted {
	uint64_t limit; /* of the sink: what the bytes say, or what they may be */
	uint64_t room;  /* the memory that is left for it */
	bool large; /* pages: for what is read and written here and there, where there are free ones */
};

/* Fewer addresses than wanted will do, where a limit leaves fewer: then they may not be enough for the bytes. */
bool space_begin(struct space_wanted wanted, struct space *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Nobody can write to it any more; path is what messages call it. The space is used up, also on failure. */
bool space_finish(struct space *space, const char *path, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Throws it away. */
void space_drop(struct space *space);

/*
 * A place to unpack into for what is only to be read through: the sink keeps nothing, and its memory is the same
 * again and again. Where there is none, it is a sink all the same.
 */
struct space space_scratch(uint64_t room);
