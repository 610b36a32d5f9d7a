/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xz and lzma (also called LZMA_Alone) with liblzma. Kernels are packed as xz with CRC32 and a
 * filter for the CPU's jumps (BCJ), which the library undoes.
 */
#include "codec/codecs.h"

#include <lzma.h>

#include "codec/stream.h"

/* The dictionary and what the decoder needs beside it. */
#define MEMORY_MAX (STREAM_WINDOW_MAX + MiB(2))

static bool xz_begin(void *state)
{
	return lzma_stream_decoder(state, MEMORY_MAX, 0) == LZMA_OK;
}

static bool lzma_begin(void *state)
{
	return lzma_alone_decoder(state, MEMORY_MAX) == LZMA_OK;
}

struct outcome {
	enum step_result result;
	const char *why;
};

/* Indexed by lzma_ret; LZMA_BUF_ERROR only says that nothing could be done. */
static const struct outcome outcomes[] = {
	[LZMA_OK] = { STEP_GOING, NULL },
	[LZMA_STREAM_END] = { STEP_MEMBER_END, NULL },
	[LZMA_NO_CHECK] = { STEP_GOING, NULL },
	[LZMA_UNSUPPORTED_CHECK] = { STEP_GOING, NULL },
	[LZMA_GET_CHECK] = { STEP_GOING, NULL },
	[LZMA_MEM_ERROR] = { STEP_NO_MEMORY, NULL },
	[LZMA_MEMLIMIT_ERROR] = { STEP_TOO_LARGE, NULL },
	[LZMA_FORMAT_ERROR] = { STEP_DAMAGED, "the header is none of this format" },
	[LZMA_OPTIONS_ERROR] = { STEP_DAMAGED, "the header has unknown filters or options" },
	[LZMA_DATA_ERROR] = { STEP_DAMAGED, "the data or its checksum is wrong" },
	[LZMA_BUF_ERROR] = { STEP_GOING, NULL },
	[LZMA_PROG_ERROR] = { STEP_DAMAGED, "the decoder was used wrongly" },
};

static enum step_result xz_step(void *state, struct step *step)
{
	static const struct outcome unknown = { STEP_DAMAGED, "a failure without a name" };
	lzma_stream *l = state;
	const struct outcome *outcome;
	lzma_ret ret;

	l->next_in = step->in.p;
	l->avail_in = step->in.n;
	l->next_out = step->out;
	l->avail_out = step->room;
	ret = lzma_code(l, LZMA_RUN);
	outcome = (size_t)ret < sizeof outcomes / sizeof outcomes[0] ? &outcomes[ret] : &unknown;
	step->used = step->in.n - l->avail_in;
	step->made = step->room - l->avail_out;
	step->why = outcome->why;
	return outcome->result;
}

static const struct stream_ops xz_ops = {
	.name = "xz",
	.begin = xz_begin,
	.step = xz_step,
	.member_follows = probe_xz,
};

static const struct stream_ops lzma_ops = {
	.name = "lzma",
	.begin = lzma_begin,
	.step = xz_step,
};

static bool unpack(struct stream *s, uint64_t *ret_used, struct error *err)
{
	__attribute__((cleanup(lzma_end))) lzma_stream l = LZMA_STREAM_INIT;

	s->state = &l;
	return stream_unpack(s, ret_used, err);
}

static bool xz_unpack(struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	struct stream s = { .ops = &xz_ops, .bytes = bytes, .sink = sink };

	return unpack(&s, ret_used, err);
}

static bool lzma_unpack(struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	struct stream s = { .ops = &lzma_ops, .bytes = bytes, .sink = sink };

	return unpack(&s, ret_used, err);
}

const struct codec codec_xz = { .name = "xz", .probe = probe_xz, .unpack = xz_unpack };
const struct codec codec_lzma = { .name = "lzma", .probe = probe_lzma, .unpack = lzma_unpack };
