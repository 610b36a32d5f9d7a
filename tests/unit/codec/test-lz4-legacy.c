/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ends of legacy frames: they carry no mark, so what follows decides. */
#include "pack.h"

#include <stdlib.h>

#include "base/arith.h"
#include "codec/codec.h"

enum { BLOCK = 8 << 20 };

struct outcome {
	bool ok;
	uint64_t used, taken;
	struct error err;
};

static struct outcome unpack(struct view packed)
{
	enum { ROOM = 5 * BLOCK };
	uint8_t *out = malloc(ROOM);
	struct buffer_sink sink = buffer_sink_make(out, ROOM);
	struct outcome o = { .used = UINT64_MAX };

	o.ok = codec_by_name("lz4-legacy")->unpack(packed, &sink.sink, &o.used, &o.err);
	o.taken = sink.sink.taken;
	free(out);
	return o;
}

static struct view word(struct arena *a, uint32_t value)
{
	struct block b = { arena_alloc(a, 4), 4, false };

	block_put_le32(&b, 0, value);
	return (struct view){ b.p, b.n };
}

/* Kernels of up to three blocks, also of exactly full ones, and their size word. */
static void the_size_of_a_payload_ends_it(void **state)
{
	static const size_t sizes[] = { 5, 4096, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK,
		2 * BLOCK + 77 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct arena a = { 0 };
		struct view plain = make_plain(&a, sizes[i]);
		struct view packed = pack_with("lz4 -l", &a, plain);
		struct view size = word(&a, (uint32_t)plain.n);
		struct outcome o = unpack(join(&a, packed, size));

		assert_true(o.ok);
		assert_int_equal(o.taken, plain.n);
		assert_int_equal(o.used, packed.n);
		o = unpack(join(&a, join(&a, packed, size), word(&a, 0)));
		assert_true(o.ok);
		assert_int_equal(o.used, packed.n);
		o = unpack(join(&a, join(&a, packed, packed), size));
		assert_true(o.ok);
		assert_int_equal(o.taken, 2 * plain.n);
		assert_int_equal(o.used, 2 * packed.n);
		arena_free(&a);
	}
}

/* The first test has joined frames with the size of one, this with the size of both. */
static void joined_full_frames_end_at_their_common_size(void **state)
{
	struct arena a = { 0 };
	struct view one = pack_with("lz4 -l", &a, make_plain(&a, BLOCK));
	struct view two = join(&a, one, one);
	struct outcome o = unpack(join(&a, two, word(&a, 2 * BLOCK)));

	(void)state;
	assert_true(o.ok);
	assert_int_equal(o.used, two.n);
	assert_int_equal(o.taken, 2 * BLOCK);
	arena_free(&a);
}

/* Behind a full block there is no telling a short block from an end; a cut block is damage. */
static void a_cut_second_block_ends_early(void **state)
{
	struct arena a = { 0 };
	struct view first = pack_with("lz4 -l", &a, make_plain(&a, BLOCK));
	struct view both = pack_with("lz4 -l", &a, make_plain(&a, BLOCK + 3000));

	(void)state;
	for (size_t n = first.n + 4; n < both.n; n++) {
		struct outcome o = unpack(view_first(both, n));

		assert_false(o.ok);
		assert_int_equal(o.err.fault, FAULT_COMPRESSION_CORRUPT);
		assert_reason(o.err, "ends early");
		n += n < both.n - 50 ? 97 : 0;
	}
	arena_free(&a);
}

static void sizes_of_blocks_are_checked(void **state)
{
	static const struct {
		uint32_t size;
		const char *reason;
	} rows[] = {
		{ 0, "damaged at byte 4 of 32: no block of lz4 has this size" },
		{ 8421520 + 1, "damaged at byte 4 of 32: no block of lz4 has this size" },
		{ UINT32_MAX, "damaged at byte 4 of 32: no block of lz4 has this size" },
		{ 0x184c2102, "damaged at byte 4 of 32: no block of lz4 has this size" },
		{ 8421504, "ends early: at byte 4 of 32" },
		{ 25, "ends early: at byte 4 of 32" },
		{ 24, "damaged at byte 4 of 32: this block does not unpack" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[32] = { 2, 0x21, 0x4c, 0x18 };
		struct block b = { bytes, sizeof bytes, false };
		struct outcome o;

		memset(bytes + 8, 0xf0, 24);
		block_put_le32(&b, 4, rows[i].size);
		o = unpack((struct view){ bytes, sizeof bytes });
		assert_false(o.ok);
		assert_reason(o.err, rows[i].reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_size_of_a_payload_ends_it),
		CASE(joined_full_frames_end_at_their_common_size),
		CASE(a_cut_second_block_ends_early),
		CASE(sizes_of_blocks_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
