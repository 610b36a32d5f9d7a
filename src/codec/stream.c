/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop around a decompression library. */
#include "codec/stream.h"

#include <inttypes.h>

/* Libraries count what they are given in an unsigned int at worst. */
#define STREAM_INPUT_MAX MiB(256)

/* Output of one step: large enough to make calls rare, small enough for any stack. */
enum { STREAM_PIECE = 64 * 1024 };

bool stream_damaged(struct stream_place place, const char *why, struct error *err)
{
	return fail(err, FAULT_COMPRESSION_CORRUPT,
		"%s data is damaged at byte %" PRIu64 " of %" PRIu64 ": %s", place.name, place.at,
		place.of, why);
}

bool stream_ends_early(struct stream_place place, struct error *err)
{
	return fail(err, FAULT_COMPRESSION_CORRUPT,
		"%s data ends early: at byte %" PRIu64 " of %" PRIu64 " more is needed", place.name,
		place.at, place.of);
}

bool stream_skippable_frame(struct view v)
{
	enum { HEADER = 8, MAGIC = 0x184d2a50, MAGIC_MASK = ~0xf };
	struct reader r = reader_at(v, 0);

	return v.n >= HEADER && (reader_le32(&r) & (uint32_t)MAGIC_MASK) == MAGIC;
}

static struct stream_place place_of(const struct stream *s)
{
	return (struct stream_place){ s->ops->name, s->at, s->bytes.n };
}

static bool window_too_large(const struct stream *s, struct error *err)
{
	return fail(err, FAULT_COMPRESSION_BOMB,
		"%s data wants a window over the limit of %" PRIu64 " MiB at byte %" PRIu64
		" of %zu",
		s->ops->name, STREAM_WINDOW_MAX / MiB(1), s->at, s->bytes.n);
}

/* True when the step was no failure. */
static bool judge(
	const struct stream *s, enum step_result result, const struct step *step, struct error *err)
{
	switch (result) {
	case STEP_MEMBER_END:
		return true;
	case STEP_GOING:
		if (step->used || step->made)
			return true;
		if (!step->in.n)
			return stream_ends_early(place_of(s), err);
		return stream_damaged(place_of(s), "the decoder stands still", err);
	case STEP_DAMAGED:
		return stream_damaged(place_of(s), step->why, err);
	case STEP_TOO_LARGE:
		return window_too_large(s, err);
	case STEP_NO_MEMORY:
		break;
	}
	return fail_no_memory(err);
}

void stream_expect(const struct step *step, uint64_t n)
{
	enum { USUAL_MAX = 5 }; /* times the size of what is packed, of kernels and initrds */

	sink_expect(step->sink, min_u64(n, (uint64_t)step->in.n * USUAL_MAX));
}

static bool unpack_whole(struct stream *s)
{
	struct room room = s->ops->whole ? sink_room(s->sink) : (struct room){ 0 };
	struct step step = {
		.in = view_from(s->bytes, s->at),
		.out = room.p,
		.room = room.n,
		.sink = s->sink,
	};

	if (!room.n || !s->ops->whole(s->state, &step))
		return false;
	s->at += step.used;
	sink_filled(s->sink, step.made);
	sink_tell(s->sink, s->bytes.p + s->at);
	return true;
}

/* Into the sink's own memory, where there is enough of it for any step. */
static bool unpack_step(struct stream *s, enum step_result *ret, struct error *err)
{
	uint8_t piece[STREAM_PIECE];
	struct room room = sink_room(s->sink);
	bool is_direct = room.n >= sizeof piece;
	struct step step = {
		.in = view_first(view_from(s->bytes, s->at), STREAM_INPUT_MAX),
		.out = is_direct ? room.p : piece,
		.room = sizeof piece,
	};

	if (is_direct)
		sink_expect(s->sink, sizeof piece);
	*ret = s->ops->step(s->state, &step);
	s->at += step.used;
	sink_tell(s->sink, s->bytes.p + s->at);
	if (!judge(s, *ret, &step, err))
		return false;
	if (!is_direct)
		return sink_put(s->sink, (struct view){ piece, step.made }, err);
	sink_filled(s->sink, step.made);
	return true;
}

static bool unpack_member(struct stream *s, struct error *err)
{
	enum step_result result;

	if (unpack_whole(s))
		return true;
	if (!s->ops->begin(s->state))
		return fail_no_memory(err);
	do
		if (!unpack_step(s, &result, err))
			return false;
	while (result == STEP_GOING);
	return true;
}

bool stream_unpack(struct stream *s, uint64_t *ret_used, struct error *err)
{
	do {
		if (!unpack_member(s, err))
			return false;
	} while (s->ops->member_follows && s->ops->member_follows(view_from(s->bytes, s->at)));
	*ret_used = s->at;
	return true;
}
