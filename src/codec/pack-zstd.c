/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One frame of zstd (RFC 8878) by libzstd. */
#include "codec/pack-formats.h"

#include <zstd.h>

enum {
	PIECE = 64 * 1024,
	LEVEL = 3,       /* the library's default: higher ones cost seconds for a few per cent */
	WINDOW_LOG = 22, /* Linux unpacks an initrd with up to 27 */
};

/* No checksum: the loaded bytes have one already, and this one would cost time in the blackout. */
static void *zstd_open(void)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();

	if (!context)
		return NULL;
	if (!ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL)) &&
		!ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, WINDOW_LOG)))
		return context;
	ZSTD_freeCCtx(context);
	return NULL;
}

static void zstd_close(void *state)
{
	ZSTD_freeCCtx(state);
}

/* Until the library has taken all, or at the end has given all. */
static bool pump(ZSTD_CCtx *context, struct view piece, ZSTD_EndDirective what, struct sink *to,
	struct error *err)
{
	ZSTD_inBuffer from = { piece.p, piece.n, 0 };
	uint8_t out[PIECE];
	size_t left;

	do {
		ZSTD_outBuffer made = { out, sizeof out, 0 };

		left = ZSTD_compressStream2(context, &made, &from, what);
		if (ZSTD_isError(left))
			return fail(err, FAULT_NO_MEMORY, "zstd: %s", ZSTD_getErrorName(left));
		if (!sink_put(to, (struct view){ out, made.pos }, err))
			return false;
	} while (what == ZSTD_e_end ? left != 0 : from.pos < from.size);
	return true;
}

static bool zstd_put(void *state, struct view piece, struct sink *to, struct error *err)
{
	return pump(state, piece, ZSTD_e_continue, to, err);
}

static bool zstd_end(void *state, struct sink *to, struct error *err)
{
	return pump(state, (struct view){ 0 }, ZSTD_e_end, to, err);
}

const struct pack_ops pack_zstd = {
	.open = zstd_open,
	.close = zstd_close,
	.put = zstd_put,
	.end = zstd_end,
};
