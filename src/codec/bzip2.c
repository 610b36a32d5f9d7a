/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bzip2 with libbz2. The format bounds its decoder's memory: under 4 MiB. */
#include "codec/codecs.h"

#include <bzlib.h>

#include "codec/stream.h"

struct bzip2 {
	bz_stream bz;
	bool open;
};

static void bzip2_close(struct bzip2 *b)
{
	if (b->open)
		BZ2_bzDecompressEnd(&b->bz);
	*b = (struct bzip2){ 0 };
}

/* libbz2 has no reset. */
static bool bzip2_begin(void *state)
{
	struct bzip2 *b = state;

	bzip2_close(b);
	b->open = BZ2_bzDecompressInit(&b->bz, 0, 0) == BZ_OK;
	return b->open;
}

static enum step_result bzip2_step(void *state, struct step *step)
{
	bz_stream *bz = &((struct bzip2 *)state)->bz;
	int ret;

	/* It is only read, though its type does not say so. */
	bz->next_in = (char *)(uintptr_t)step->in.p;
	bz->avail_in = (unsigned)step->in.n;
	bz->next_out = (char *)step->out;
	bz->avail_out = (unsigned)step->room;
	ret = BZ2_bzDecompress(bz);
	step->used = step->in.n - bz->avail_in;
	step->made = step->room - bz->avail_out;
	if (ret == BZ_STREAM_END)
		return STEP_MEMBER_END;
	if (ret == BZ_OK)
		return STEP_GOING;
	if (ret == BZ_MEM_ERROR)
		return STEP_NO_MEMORY;
	step->why = ret == BZ_DATA_ERROR_MAGIC ? "the magic number is missing"
					       : "a block or its checksum is wrong";
	return STEP_DAMAGED;
}

static const struct stream_ops bzip2_ops = {
	.name = "bzip2",
	.begin = bzip2_begin,
	.step = bzip2_step,
	.member_follows = probe_bzip2,
};

static bool bzip2_unpack(
	struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	__attribute__((cleanup(bzip2_close))) struct bzip2 b = { 0 };
	struct stream s = { .ops = &bzip2_ops, .state = &b, .bytes = bytes, .sink = sink };

	return stream_unpack(&s, ret_used, err);
}

const struct codec codec_bzip2 = { .name = "bzip2", .probe = probe_bzip2, .unpack = bzip2_unpack };
