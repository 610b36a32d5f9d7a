/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gzip (RFC 1952) with zlib; with a faster library where that can be. */
#include "codec/codecs.h"

#define ZLIB_CONST
#include <zlib.h>

#include "codec/gzip-whole.h"

struct gzip {
	z_stream z;
	bool open;
	struct gzip_whole *whole; /* NULL: none was asked for one yet */
};

static bool gzip_begin(void *state)
{
	enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };
	struct gzip *g = state;

	if (g->open)
		return inflateReset(&g->z) == Z_OK;
	g->open = inflateInit2(&g->z, WINDOW_BITS + GZIP_ONLY) == Z_OK;
	return g->open;
}

static enum step_result gzip_step(void *state, struct step *step)
{
	z_stream *z = &((struct gzip *)state)->z;
	int ret;

	z->next_in = step->in.p;
	z->avail_in = (uInt)step->in.n;
	z->next_out = step->out;
	z->avail_out = (uInt)step->room;
	ret = inflate(z, Z_NO_FLUSH);
	step->used = step->in.n - z->avail_in;
	step->made = step->room - z->avail_out;
	step->why = z->msg ? z->msg : "it is no gzip data";
	if (ret == Z_STREAM_END)
		return STEP_MEMBER_END;
	if (ret == Z_MEM_ERROR)
		return STEP_NO_MEMORY;
	/* Z_BUF_ERROR only says that nothing could be done; the stream sees that itself. */
	return ret == Z_OK || ret == Z_BUF_ERROR ? STEP_GOING : STEP_DAMAGED;
}

static bool whole(void *state, struct step *step)
{
	struct gzip *g = state;

	if (!g->whole)
		g->whole = gzip_whole_open();
	return g->whole && gzip_whole_unpack(g->whole, step);
}

static void gzip_close(struct gzip *g)
{
	if (g->whole)
		gzip_whole_close(g->whole);
	if (g->open)
		inflateEnd(&g->z);
}

static const struct stream_ops gzip_ops = {
	.name = "gzip",
	.begin = gzip_begin,
	.step = gzip_step,
	.whole = whole,
	.member_follows = probe_gzip,
};

static bool gzip_unpack(struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	__attribute__((cleanup(gzip_close))) struct gzip g = { 0 };
	struct stream s = { .ops = &gzip_ops, .state = &g, .bytes = bytes, .sink = sink };

	return stream_unpack(&s, ret_used, err);
}

const struct codec codec_gzip = { .name = "gzip", .probe = probe_gzip, .unpack = gzip_unpack };
