/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Damaged, truncated and hostile data of every format. */
#include "pack.h"

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arith.h"
#include "codec/codec.h"

enum { PLAIN = 300 };

struct outcome {
	bool ok;
	uint64_t used, taken;
	struct error err;
};

/* Unpacks a copy that ends where its memory ends, so that a sanitizer sees every overrun. */
static struct outcome unpack_once(const char *name, struct view packed, struct buffer_sink sink)
{
	const uint64_t limit = sink.sink.limit;
	struct outcome o = { .used = UINT64_MAX };
	uint8_t *copy = malloc(packed.n);

	if (packed.n)
		memcpy(copy, packed.p, packed.n);
	o.ok = codec_by_name(name)->unpack(
		(struct view){ copy, packed.n }, &sink.sink, &o.used, &o.err);
	o.taken = sink.sink.taken;
	assert_true(o.taken <= limit);
	if (o.ok)
		assert_true(o.used <= packed.n);
	else
		assert_int_equal(o.used, UINT64_MAX);
	free(copy);
	return o;
}

/* Into a sink with memory to write into and into one without: by other libraries, and with one outcome. */
static struct outcome unpack(const char *name, struct view packed, uint8_t *out, size_t limit)
{
	uint8_t *whole = malloc(limit + 1);
	struct buffer_sink piecewise = buffer_sink_make(out, limit);
	struct outcome w = unpack_once(name, packed, buffer_sink_make(whole, limit)), o;

	piecewise.sink.room = NULL;
	o = unpack_once(name, packed, piecewise);
	assert_int_equal(w.ok, o.ok);
	assert_int_equal(w.used, o.used);
	if (o.ok) {
		assert_int_equal(w.taken, o.taken);
		assert_memory_equal(whole, out, o.taken);
	} else {
		assert_int_equal(w.err.fault, o.err.fault);
		assert_string_equal(w.err.reason, o.err.reason);
	}
	free(whole);
	return o;
}

static void truncation_at_every_byte_is_said(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, PLAIN);
	uint8_t out[PLAIN];

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, plain);

		for (size_t n = 0; n < packed.n; n++) {
			struct outcome o =
				unpack(packers[i].codec, view_first(packed, n), out, sizeof out);
			char size[32];

			if (o.ok)
				fail_msg("%s: fine with %d of %d", packers[i].label, (int)n,
					(int)packed.n);
			assert_int_equal(o.err.fault, FAULT_COMPRESSION_CORRUPT);
			snprintf(size, sizeof size, " of %zu ", n);
			assert_reason(o.err, "data ends early");
			assert_reason(o.err, packers[i].codec);
			assert_reason(o.err, size);
		}
	}
	arena_free(&a);
}

static void a_flipped_bit_gives_no_other_bytes(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, PLAIN);
	uint8_t out[PLAIN + 100];

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, plain);

		for (size_t bit = 0; bit < packed.n * 8; bit++) {
			struct view wrong = join(&a, packed, (struct view){ 0 });
			struct outcome o;

			((uint8_t *)(uintptr_t)wrong.p)[bit / 8] ^= (uint8_t)(1 << bit % 8);
			o = unpack(packers[i].codec, wrong, out, sizeof out);
			if (!o.ok)
				assert_true(o.err.fault == FAULT_COMPRESSION_CORRUPT ||
					o.err.fault == FAULT_COMPRESSION_BOMB);
			else if (packers[i].checked)
				assert_memory_equal(out, plain.p, plain.n);
		}
	}
	arena_free(&a);
}

static void foreign_bytes_are_damaged_from_the_start(void **state)
{
	struct arena a = { 0 };
	struct view foreign = view_of_string("This is a letter, and neither a kernel nor packed.");
	uint8_t out[PLAIN];

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct outcome o = unpack(packers[i].codec, foreign, out, sizeof out);

		assert_false(o.ok);
		assert_int_equal(o.err.fault, FAULT_COMPRESSION_CORRUPT);
		assert_reason(o.err, "data is damaged at byte ");
		assert_reason(o.err, " of 50: ");
	}
	arena_free(&a);
}

/* The reason leads to the place: the second half is changed, and no decoder gets far past it. */
static void the_place_of_damage_is_told(void **state)
{
	enum { LARGE = 1000000 };
	struct arena a = { 0 };
	struct view plain = make_plain(&a, LARGE);
	uint8_t *out = malloc(LARGE);

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, plain);
		uint8_t *p = (uint8_t *)(uintptr_t)packed.p;
		unsigned long at = 0;
		struct outcome o;

		/* A legacy frame is one block, stored data is only checked at its end. */
		if (!packers[i].checked || strcmp(packers[i].label, "gzip -0") == 0)
			continue;
		for (size_t k = packed.n / 2; k < packed.n; k++)
			p[k] ^= 0x5a;
		o = unpack(packers[i].codec, packed, out, LARGE);
		assert_false(o.ok);
		assert_reason(o.err, "data is damaged at byte ");
		assert_int_equal(sscanf(strstr(o.err.reason, "byte "), "byte %lu", &at), 1);
		if (strcmp(packers[i].label, "lz4 big") != 0 &&
			strcmp(packers[i].label, "bzip2") != 0 && at < packed.n / 3)
			fail_msg("%s: %s", packers[i].label, o.err.reason);
	}
	free(out);
	arena_free(&a);
}

static void a_bomb_stops_at_the_limit(void **state)
{
	enum { LIMIT = 1 << 20 };
	struct arena a = { 0 };
	struct view zeros = { arena_alloc(&a, 9 * LIMIT), 9 * LIMIT };
	uint8_t *out = malloc(LIMIT);

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct outcome o = unpack(packers[i].codec, packers[i].pack(&a, zeros), out, LIMIT);

		assert_false(o.ok);
		assert_int_equal(o.err.fault, FAULT_COMPRESSION_BOMB);
		assert_reason(o.err, "larger than the limit of 1048576 bytes");
	}
	free(out);
	arena_free(&a);
}

static void a_limit_is_reached_but_not_passed(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, PLAIN);
	uint8_t out[PLAIN];

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, plain);

		assert_true(unpack(packers[i].codec, packed, out, PLAIN).ok);
		assert_false(unpack(packers[i].codec, packed, out, PLAIN - 1).ok);
	}
	arena_free(&a);
}

static bool refuse(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink;
	(void)piece;
	return fail(err, FAULT_FILE_UNREADABLE, "the disk is full");
}

static void what_the_sink_says_is_kept(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, PLAIN);

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct sink sink = { .put = refuse, .limit = PLAIN };
		struct error err = { 0 };
		uint64_t used = 7;

		assert_false(codec_by_name(packers[i].codec)
				->unpack(packers[i].pack(&a, plain), &sink, &used, &err));
		assert_string_equal(err.reason, "the disk is full");
		assert_int_equal(sink.taken, 0);
		assert_int_equal(used, 7);
	}
	arena_free(&a);
}

/* A second member that is damaged is a fault, not an end. */
static void damage_in_a_later_member_is_told(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, PLAIN);
	uint8_t out[2 * PLAIN];

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view one = packers[i].pack(&a, plain);
		struct view cut = view_first(one, one.n - 1);
		struct outcome o;

		if (!packers[i].continues)
			continue;
		o = unpack(packers[i].codec, join(&a, one, cut), out, sizeof out);
		assert_false(o.ok);
		assert_reason(o.err, "data ends early");
	}
	arena_free(&a);
}

/* RFC 8878: a frame with a window of 1 << log bytes and one raw block, "abc". */
static struct outcome unpack_zstd_window(unsigned log)
{
	uint8_t frame[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, (uint8_t)((log - 10) << 3), 0x19, 0, 0, 'a',
		'b', 'c' };
	uint8_t out[8];

	return unpack("zstd", (struct view){ frame, sizeof frame }, out, sizeof out);
}

/* xz's block header with another dictionary size, and the checksum over it. */
static struct outcome unpack_xz_window(uint8_t dictionary_code)
{
	enum { BLOCK_HEADER = 12, FILTERS = BLOCK_HEADER + 2, LENGTH = 8 };
	struct arena a = { 0 };
	struct view packed = pack_with("xz", &a, view_of_string("abc"));
	struct block b = { (uint8_t *)(uintptr_t)packed.p, packed.n, false };
	uint8_t out[8];
	struct outcome o;

	assert_int_equal(b.p[FILTERS], 0x21); /* LZMA2, with one byte of properties */
	assert_int_equal(b.p[FILTERS + 1], 1);
	b.p[FILTERS + 2] = dictionary_code;
	block_put_le32(&b, BLOCK_HEADER + LENGTH, lzma_crc32(b.p + BLOCK_HEADER, LENGTH, 0));
	o = unpack("xz", packed, out, sizeof out);
	arena_free(&a);
	return o;
}

static struct outcome unpack_lzma_window(uint32_t dictionary)
{
	struct arena a = { 0 };
	struct view packed = pack_with("lzma", &a, view_of_string("abc"));
	struct block b = { (uint8_t *)(uintptr_t)packed.p, packed.n, false };
	uint8_t out[8];
	struct outcome o;

	block_put_le32(&b, 1, dictionary);
	o = unpack("lzma", packed, out, sizeof out);
	arena_free(&a);
	return o;
}

static void windows_are_large_but_limited(void **state)
{
	enum { XZ_128_MIB = 30, XZ_192_MIB = 31 };
	struct outcome good[] = { unpack_zstd_window(27), unpack_xz_window(XZ_128_MIB),
		unpack_lzma_window(MiB(128)) };
	struct outcome bad[] = { unpack_zstd_window(28), unpack_xz_window(XZ_192_MIB),
		unpack_lzma_window(MiB(192)), unpack_zstd_window(31), unpack_xz_window(40),
		unpack_lzma_window(GiB(2)) };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		if (!good[i].ok)
			fail_msg("%s", good[i].err.reason);
		assert_int_equal(good[i].taken, 3);
	}
	for (size_t i = 0; i < 6; i++) {
		assert_false(bad[i].ok);
		assert_int_equal(bad[i].err.fault, FAULT_COMPRESSION_BOMB);
		assert_reason(bad[i].err, "wants a window over the limit of 128 MiB");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(truncation_at_every_byte_is_said),
		CASE(a_flipped_bit_gives_no_other_bytes),
		CASE(foreign_bytes_are_damaged_from_the_start),
		CASE(the_place_of_damage_is_told),
		CASE(a_bomb_stops_at_the_limit),
		CASE(a_limit_is_reached_but_not_passed),
		CASE(what_the_sink_says_is_kept),
		CASE(damage_in_a_later_member_is_told),
		CASE(windows_are_large_but_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
