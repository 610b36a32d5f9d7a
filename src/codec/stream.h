/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the codecs share inside this room: the loop that feeds a library and hands its output to
 * the sink piece by piece, goes on with members that directly follow each other, and says where
 * damaged data is damaged. It knows no format.
 */
#pragma once

#include "base/arith.h"
#include "codec/codec.h"

/*
 * The largest window (dictionary) that a decoder keeps in memory. Linux is packed with up to this
 * much: `zstd --ultra -22` has 128 MiB, xz and lzma of kbuild 32 MiB.
 */
#define STREAM_WINDOW_MAX MiB(128)

/* A place in packed bytes, for reasons. */
struct stream_place {
	const char *name; /* of the codec */
	uint64_t at, of;  /* byte, of how many */
};

bool stream_damaged(struct stream_place place, const char *why, struct error *err);
bool stream_ends_early(struct stream_place place, struct error *err);

enum step_result {
	STEP_GOING,
	STEP_MEMBER_END,
	STEP_DAMAGED,   /* the step says why */
	STEP_TOO_LARGE, /* its window is larger than STREAM_WINDOW_MAX */
	STEP_NO_MEMORY,
};

/* One call of a library: what it may take and fill, and what it did. */
struct step {
	struct view in;
	uint8_t *out;
	size_t room;
	size_t used, made;
	const char *why;
	struct sink *sink; /* behind out, to be told what to expect; for stream_ops.whole */
};

/*
 * All of what is packed says that it unpacks to so much. More than is usual is not believed, since memory is made for
 * it: what there is of it comes as it is written to.
 */
void stream_expect(const struct step *step, uint64_t n);

struct stream_ops {
	const char *name;

	/* Makes state ready for a member, the first or a later one; false when memory is out. */
	bool (*begin)(void *state);

	enum step_result (*step)(void *state, struct step *step);

	/*
	 * All of a member in one call, straight to where it belongs; begin is not called for it. False where
	 * it cannot, for whatever reason, which taking steps will tell. NULL: it never can.
	 */
	bool (*whole)(void *state, struct step *step);

	/* Whether another member begins here; NULL for a format that has only one. */
	bool (*member_follows)(struct view rest);
};

struct stream {
	const struct stream_ops *ops;
	void *state;
	struct view bytes;
	struct sink *sink;
	uint64_t at; /* of bytes; 0 to start with */
};

bool stream_unpack(struct stream *s, uint64_t *ret_used, struct error *err)
	__attribute__((warn_unused_result));

/* Frames to be skipped look the same in lz4 and zstd (RFC 8878, 3.1.2). */
bool stream_skippable_frame(struct view v);
