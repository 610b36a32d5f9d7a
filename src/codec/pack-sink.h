/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compression: a sink that packs what it is given and passes it on to another sink, in the two
 * formats that are worth it for an initrd. Its memory is bounded (16 MiB for lz4, a few for zstd)
 * whatever goes through it, and it knows nothing of what it packs.
 */
#pragma once

#include "codec/codec.h"

enum pack_format {
	PACK_ZSTD,
	PACK_LZ4_LEGACY, /* the only format of lz4 that Linux unpacks an initrd from */
};

struct pack_ops;

struct pack_sink {
	struct sink sink; /* what is to be packed goes here */
	struct sink *to;
	const struct pack_ops *ops;
	void *state;
};

/* At most limit bytes will be packed; to must outlive it. pack_sink_free is due after success. */
bool pack_sink_begin(enum pack_format format, struct sink *to, uint64_t limit,
	struct pack_sink *ret, struct error *err) __attribute__((warn_unused_result));

/* Passes on what is held back, and the end; once, after the last piece. */
bool pack_sink_end(struct pack_sink *pack, struct error *err) __attribute__((warn_unused_result));

void pack_sink_free(struct pack_sink *pack);
