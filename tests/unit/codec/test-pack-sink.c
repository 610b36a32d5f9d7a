/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is packed unpacks to the same bytes, in one frame that ends where it should. */
#include "pack.h"

#include <stdlib.h>

#include "base/arith.h"
#include "codec/pack-sink.h"

static const struct {
	enum pack_format format;
	const char *codec;
} formats[] = {
	{ PACK_ZSTD, "zstd" },
	{ PACK_LZ4_LEGACY, "lz4-legacy" },
};

enum { FORMATS = sizeof formats / sizeof formats[0], ROOM = 32 << 20, BLOCK = 8 << 20 };

/* In pieces of this size. */
static bool pack(enum pack_format format, struct view plain, size_t piece, struct sink *to,
	struct error *err)
{
	struct pack_sink pack;
	bool done = pack_sink_begin(format, to, plain.n, &pack, err);

	if (!done)
		return false;
	for (; done && plain.n; plain = view_from(plain, piece))
		done = sink_put(&pack.sink, view_first(plain, piece), err);
	done = done && pack_sink_end(&pack, err);
	pack_sink_free(&pack);
	return done;
}

static void assert_round_trip(size_t row, struct view plain, size_t piece)
{
	struct error err = { 0 };
	uint8_t *packed = malloc(ROOM), *out = malloc(plain.n + 1);
	struct buffer_sink to = buffer_sink_make(packed, ROOM);
	struct buffer_sink back = buffer_sink_make(out, plain.n);
	const struct codec *codec;
	uint64_t used = 0;

	if (!pack(formats[row].format, plain, piece, &to.sink, &err))
		fail_msg("%s, %zu bytes: %s", formats[row].codec, plain.n, err.reason);
	codec = codec_find((struct view){ packed, (size_t)to.sink.taken });
	assert_non_null(codec);
	assert_string_equal(codec->name, formats[row].codec);
	/* Zeros, as between the archives of an initrd, are no part of it. */
	memset(packed + to.sink.taken, 0, 8);
	if (!codec->unpack(
		    (struct view){ packed, (size_t)to.sink.taken + 8 }, &back.sink, &used, &err))
		fail_msg("%s, %zu bytes: %s", formats[row].codec, plain.n, err.reason);
	assert_int_equal(used, to.sink.taken);
	assert_int_equal(back.sink.taken, plain.n);
	assert_memory_equal(out, plain.p, plain.n);
	free(packed);
	free(out);
}

static void round_trips_at_the_edges(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 65535, 65536, 65537, BLOCK - 1, BLOCK, BLOCK + 1,
		2 * BLOCK, 2 * BLOCK + 3 };
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 2 * BLOCK + 3);

	(void)state;
	for (size_t row = 0; row < FORMATS; row++)
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
			assert_round_trip(row, view_first(plain, sizes[i]), 65536);
	arena_free(&a);
}

static void pieces_of_any_size(void **state)
{
	static const size_t pieces[] = { 1, 7, 4096, BLOCK - 1, BLOCK + 1, 3 * BLOCK };
	struct arena a = { 0 };
	struct view plain = make_plain(&a, BLOCK + 100);

	(void)state;
	for (size_t row = 0; row < FORMATS; row++)
		for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
			assert_round_trip(row, plain, pieces[i]);
	arena_free(&a);
}

static void what_does_not_compress(void **state)
{
	struct arena a = { 0 };
	uint8_t *p = arena_alloc(&a, BLOCK + 5);
	uint64_t random = 88172645463325252u;

	(void)state;
	for (size_t i = 0; i < BLOCK + 5; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		p[i] = (uint8_t)random;
	}
	for (size_t row = 0; row < FORMATS; row++)
		assert_round_trip(row, (struct view){ p, BLOCK + 5 }, 65536);
	arena_free(&a);
}

/* What Linux's unlz4 goes by: the magic number, and sizes of blocks that it has room for. */
static void lz4_is_the_legacy_format(void **state)
{
	struct arena a = { 0 };
	uint8_t *packed = malloc(ROOM);
	struct buffer_sink to = buffer_sink_make(packed, ROOM);
	struct error err = { 0 };
	struct reader r;
	uint32_t first;

	(void)state;
	assert_true(pack(PACK_LZ4_LEGACY, make_plain(&a, BLOCK + 1), 65536, &to.sink, &err));
	r = reader_at((struct view){ packed, (size_t)to.sink.taken }, 0);
	assert_int_equal(reader_le32(&r), 0x184c2102);
	first = reader_le32(&r);
	assert_in_range(first, BLOCK / 4, BLOCK);
	reader_skip(&r, first);
	assert_int_equal(reader_le32(&r), 2); /* a token, and the one byte */
	assert_int_equal(r.at + 2, to.sink.taken);
	free(packed);
	arena_free(&a);
}

static void both_limits_hold(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 100000);
	uint8_t *out = malloc(ROOM);

	(void)state;
	for (size_t row = 0; row < FORMATS; row++) {
		struct buffer_sink small = buffer_sink_make(out, 20000);
		struct buffer_sink large = buffer_sink_make(out, ROOM);
		struct error err = { 0 };
		struct pack_sink pack_into;

		assert_false(pack(formats[row].format, plain, 65536, &small.sink, &err));
		assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
		assert_true(pack_sink_begin(
			formats[row].format, &large.sink, plain.n - 1, &pack_into, &err));
		assert_false(sink_put(&pack_into.sink, plain, &err));
		assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
		pack_sink_free(&pack_into);
	}
	free(out);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(round_trips_at_the_edges),
		CASE(pieces_of_any_size),
		CASE(what_does_not_compress),
		CASE(lz4_is_the_legacy_format),
		CASE(both_limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
