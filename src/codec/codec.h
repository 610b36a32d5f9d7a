/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decompression behind one table. A codec recognises its magic bytes and streams what it unpacks
 * into a sink, so that this room neither holds the output in memory nor knows where it goes. Its
 * input is hostile: damaged data is a fault, and the sink's limit stops a decompression bomb.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

/* Is told, piece by piece, the place in the packed bytes behind what was read of them. */
struct sink_watch {
	void (*call)(const struct sink_watch *watch, const uint8_t *place);
};

/* Memory that may be written to. */
struct room {
	uint8_t *p;
	size_t n;
};

/* Where unpacked bytes go. put is called in order with pieces of any size. */
struct sink {
	bool (*put)(struct sink *sink, struct view piece, struct error *err);
	uint64_t limit;                         /* bytes; one more is FAULT_COMPRESSION_BOMB */
	uint64_t taken;                         /* bytes so far */
	const struct sink_watch *watch;         /* NULL: nobody wants to know */
	struct room (*room)(struct sink *sink); /* as sink_room; NULL: there is none */
	/* As sink_expect, of no more bytes than there is room for; NULL: nothing is to be done. */
	void (*expect)(struct sink *sink, size_t n);
};

/* Hands a piece to the sink within its limit; what codecs call. */
bool sink_put(struct sink *sink, struct view piece, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Memory where the next bytes belong, so that a codec writes them there by itself; what is there before they
 * are said to be is the codec's. No more than the limit leaves; none at all where put has to have them.
 */
struct room sink_room(struct sink *sink);

/*
 * So many bytes, as far as what is packed tells, are about to be written there: the sink may get that memory ready at
 * once, which takes less time than page by page.
 */
void sink_expect(struct sink *sink, uint64_t n);

/* So many bytes stand at the beginning of that memory, as if they had been put. */
void sink_filled(struct sink *sink, size_t n);

/* Tells the one who watches, where somebody does; what codecs call. */
void sink_tell(const struct sink *sink, const uint8_t *place);

/* A sink that fills a buffer of the caller; its limit is the buffer's size. */
struct buffer_sink {
	struct sink sink;
	uint8_t *p;
};

struct buffer_sink buffer_sink_make(uint8_t *p, size_t size);

/* A sink that takes the first bytes of what comes, so many at most, and then ends the unpacking. */
struct head_sink {
	struct sink sink;
	uint8_t *p;
	size_t size, count; /* count: of the bytes that it has */
};

struct head_sink head_sink_make(uint8_t *p, size_t size);

struct codec {
	const char *name; /* "gzip", "xz", "lzma", "zstd", "lz4", "lz4-legacy", "bzip2" */

	const char *library; /* that unpacks it */

	/* Whether the bytes begin like this format; looks at a few bytes only. */
	bool (*probe)(struct view bytes);

	/* As codec_unpack; NULL where this build is without its library. */
	bool (*unpack)(struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err);
};

/*
 * Unpacks the stream or streams at the start of bytes. *ret_used is how many bytes belong to them;
 * what follows (as behind a kernel's payload or an initrd's archive) is the caller's business.
 * FAULT_CODEC_MISSING where this build is without the library.
 */
bool codec_unpack(const struct codec *codec, struct view bytes, struct sink *sink,
	uint64_t *ret_used, struct error *err) __attribute__((warn_unused_result));

/* The codec whose magic bytes v begins with, or NULL. */
const struct codec *codec_find(struct view v);

/* The codec of this name, or NULL. */
const struct codec *codec_by_name(const char *name);
