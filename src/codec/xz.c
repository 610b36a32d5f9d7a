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

static bool xz_probe(struct view v)
{
	enum { HEADER = 12 };
	static const uint8_t magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

	return v.n >= HEADER && view_starts_with(v, (struct view){ magic, sizeof magic });
}

/* The encoders round a dictionary up to 2^n or 2^n + 2^(n-1). */
static bool lzma_dictionary_plausible(uint32_t size)
{
	uint32_t lowest = size & -size;

	return size >= KiB(64) && (size == lowest || size == 3 * (uint64_t)lowest);
}

/*
 * lzma has no magic number: this is its header with the properties that all encoders choose
 * (lc=3, lp=0, pb=2), a known size or none, and the range coder's first byte, which is zero.
 */
static bool lzma_probe(struct view v)
{
	enum { PROPERTIES = 0x5d };
	const uint64_t unknown = UINT64_MAX, size_max = GiB(256);
	struct reader r = reader_at(v, 0);
	uint8_t properties = reader_u8(&r);
	uint32_t dictionary = reader_le32(&r);
	uint64_t size = reader_le64(&r);
	uint8_t first = reader_u8(&r);

	return !r.overrun && properties == PROPERTIES && lzma_dictionary_plausible(dictionary) &&
		(size == unknown || (size > 0 && size < size_max)) && first == 0;
}

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
	.member_follows = xz_probe,
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

const struct codec codec_xz = { .name = "xz", .probe = xz_probe, .unpack = xz_unpack };
const struct codec codec_lzma = { .name = "lzma", .probe = lzma_probe, .unpack = lzma_unpack };
