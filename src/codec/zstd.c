/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zstd (RFC 8878) with libzstd. */
#include "codec/codecs.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "codec/stream.h"
#include "codec/walk.h"

enum { WINDOW_LOG_MAX = 27 };
_Static_assert(1u << WINDOW_LOG_MAX == STREAM_WINDOW_MAX, "the window limit is that of all codecs");

struct zstd {
	ZSTD_DCtx *context;
	size_t wanted; /* the input that completes the next header or block */
};

static bool zstd_member_follows(struct view rest)
{
	return probe_zstd(rest) || stream_skippable_frame(rest);
}

static bool zstd_begin(void *state)
{
	struct zstd *z = state;

	if (!z->context)
		z->context = ZSTD_createDCtx();
	if (!z->context)
		return false;
	z->wanted = ZSTD_initDStream(z->context);
	return !ZSTD_isError(
		ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX));
}

/*
 * No window is kept for it, but the same ones are taken: a frame of one segment has its content for a window
 * (RFC 8878, section 3.1.1.1.1.2).
 */
static bool window_is_taken(struct view frame)
{
	enum { DESCRIPTOR_AT = 4, SINGLE_SEGMENT = 1 << 5, LOG_LEAST = 10 };
	struct reader r = reader_at(frame, DESCRIPTOR_AT);
	bool is_single = reader_u8(&r) & SINGLE_SEGMENT;
	uint8_t window = reader_u8(&r);

	if (is_single)
		return ZSTD_getFrameContentSize(frame.p, frame.n) <= STREAM_WINDOW_MAX;
	return (window >> 3) + LOG_LEAST < WINDOW_LOG_MAX ||
		((window >> 3) + LOG_LEAST == WINDOW_LOG_MAX && (window & 7) == 0);
}

static bool zstd_whole(void *state, struct step *step)
{
	struct zstd *z = state;
	size_t size = ZSTD_findFrameCompressedSize(step->in.p, step->in.n), made;

	if (ZSTD_isError(size) || !probe_zstd(step->in) || !window_is_taken(step->in))
		return false;
	if (!z->context)
		z->context = ZSTD_createDCtx();
	if (!z->context)
		return false;
	stream_expect(step, walk_zstd_most(view_first(step->in, size)));
	made = ZSTD_decompressDCtx(z->context, step->out, step->room, step->in.p, size);
	step->used = size;
	step->made = made;
	return !ZSTD_isError(made);
}

static enum step_result zstd_failure(size_t code, struct step *step)
{
	ZSTD_ErrorCode error = ZSTD_getErrorCode(code);

	step->why = ZSTD_getErrorString(error);
	if (error == ZSTD_error_memory_allocation)
		return STEP_NO_MEMORY;
	return error == ZSTD_error_frameParameter_windowTooLarge ? STEP_TOO_LARGE : STEP_DAMAGED;
}

/*
 * The library does not tell where in its input a failure is. Given no more than it asks for, block
 * by block, that is where the step began.
 */
static enum step_result zstd_step(void *state, struct step *step)
{
	struct zstd *z = state;
	struct view in = view_first(step->in, z->wanted);
	ZSTD_inBuffer from = { in.p, in.n, 0 };
	ZSTD_outBuffer to = { step->out, step->room, 0 };
	size_t ret = ZSTD_decompressStream(z->context, &to, &from);

	if (ZSTD_isError(ret))
		return zstd_failure(ret, step);
	step->used = from.pos;
	step->made = to.pos;
	z->wanted = ret;
	return ret == 0 ? STEP_MEMBER_END : STEP_GOING;
}

static void zstd_close(struct zstd *z)
{
	ZSTD_freeDCtx(z->context);
}

static const struct stream_ops zstd_ops = {
	.name = "zstd",
	.begin = zstd_begin,
	.step = zstd_step,
	.whole = zstd_whole,
	.member_follows = zstd_member_follows,
};

static bool zstd_unpack(struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	__attribute__((cleanup(zstd_close))) struct zstd z = { 0 };
	struct stream s = { .ops = &zstd_ops, .state = &z, .bytes = bytes, .sink = sink };

	return stream_unpack(&s, ret_used, err);
}

const struct codec codec_zstd = { .name = "zstd", .probe = probe_zstd, .unpack = zstd_unpack };
