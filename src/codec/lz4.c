/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lz4 frames (lz4_Frame_format.md) with liblz4. Blocks are at most 4 MiB, which bounds the
 * decoder's memory. Linux itself uses the legacy frames of lz4-legacy.c.
 */
#include "codec/codecs.h"

#include <lz4frame.h>

#include "codec/stream.h"

struct lz4 {
	LZ4F_dctx *context;
	size_t wanted; /* the input that completes the next header or block */
};

static bool lz4_member_follows(struct view rest)
{
	return probe_lz4(rest) || stream_skippable_frame(rest);
}

static bool lz4_begin(void *state)
{
	struct lz4 *l = state;

	l->wanted = LZ4F_HEADER_SIZE_MIN;
	if (!l->context)
		return !LZ4F_isError(LZ4F_createDecompressionContext(&l->context, LZ4F_VERSION));
	LZ4F_resetDecompressionContext(l->context);
	return true;
}

/* As with zstd, the library is given what it asks for, so that a failure has a place. */
static enum step_result lz4_step(void *state, struct step *step)
{
	struct lz4 *l = state;
	size_t taken = view_first(step->in, l->wanted).n;
	size_t made = step->room;
	size_t ret = LZ4F_decompress(l->context, step->out, &made, step->in.p, &taken, NULL);

	if (LZ4F_isError(ret)) {
		step->why = LZ4F_getErrorName(ret);
		return STEP_DAMAGED;
	}
	step->used = taken;
	step->made = made;
	l->wanted = ret;
	return ret == 0 ? STEP_MEMBER_END : STEP_GOING;
}

static void lz4_close(struct lz4 *l)
{
	LZ4F_freeDecompressionContext(l->context);
}

static const struct stream_ops lz4_ops = {
	.name = "lz4",
	.begin = lz4_begin,
	.step = lz4_step,
	.member_follows = lz4_member_follows,
};

static bool lz4_unpack(struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	__attribute__((cleanup(lz4_close))) struct lz4 l = { 0 };
	struct stream s = { .ops = &lz4_ops, .state = &l, .bytes = bytes, .sink = sink };

	return stream_unpack(&s, ret_used, err);
}

const struct codec codec_lz4 = { .name = "lz4", .probe = probe_lz4, .unpack = lz4_unpack };
