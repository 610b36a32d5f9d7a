/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Good data of every format, and what may stand behind it. */
#include "pack.h"

#include <stdlib.h>

#include "base/arith.h"
#include "codec/codec.h"

static void assert_unpacks_into(bool has_room, const struct packer *packer, struct view packed,
	struct view plain, size_t used)
{
	uint8_t *out = malloc(plain.n + 1);
	struct buffer_sink sink = buffer_sink_make(out, plain.n);
	const struct codec *codec = codec_find(packed);
	struct error err = { 0 };
	uint64_t ret_used = UINT64_MAX;

	if (!has_room)
		sink.sink.room = NULL;
	if (!codec)
		fail_msg("%s: not recognised", packer->label);
	assert_string_equal(codec->name, packer->codec);
	if (!codec->unpack(packed, &sink.sink, &ret_used, &err))
		fail_msg("%s: %s", packer->label, err.reason);
	assert_int_equal(sink.sink.taken, plain.n);
	assert_memory_equal(out, plain.p, plain.n);
	if (ret_used != used)
		fail_msg("%s: used %d, not %d", packer->label, (int)ret_used, (int)used);
	free(out);
}

/* Written straight into the sink's memory, and handed to it piece by piece. */
static void assert_unpacks(
	const struct packer *packer, struct view packed, struct view plain, size_t used)
{
	assert_unpacks_into(true, packer, packed, plain, used);
	assert_unpacks_into(false, packer, packed, plain, used);
}

static void every_format_unpacks(void **state)
{
	static const size_t sizes[] = { 1, 100, 65536, 65537, 1000000 };

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++)
		for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
			struct arena a = { 0 };
			struct view plain = make_plain(&a, sizes[k]);
			struct view packed = packers[i].pack(&a, plain);

			assert_unpacks(&packers[i], packed, plain, packed.n);
			arena_free(&a);
		}
}

/* What kernels and initrds have behind a stream; none of it is one byte of the stream. */
static void what_follows_is_left_alone(void **state)
{
	static const struct {
		const char *p;
		size_t n;
	} tails[] = {
		{ "\0", 1 },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20 },
		{ "\x10\x27\0\0", 4 },         /* the size, 10000, as kbuild appends it */
		{ "\x10\x27\0\0\0\0\0\0", 8 }, /* and the padding of a section */
		{ "\x1f\x8b\x08\0", 4 },       /* sizes that look like the start of a format */
		{ "\x04\x22\x4d\x18", 4 },
		{ "\x02\x21\x4c\x18", 4 },
		{ "\x28\xb5\x2f\xfd", 4 },
		{ "\x50\x2a\x4d\x18", 4 },
		{ "BZh9", 4 },
		{ "\xff\xff\xff\xff", 4 },
		{ "070701000000000000", 18 }, /* the next archive of an initrd */
		{ "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 14 },
	};
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 10000);

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++)
		for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
			struct view tail = { (const uint8_t *)tails[k].p, tails[k].n };
			struct view packed = packers[i].pack(&a, plain);

			assert_unpacks(&packers[i], join(&a, packed, tail), plain, packed.n);
		}
	arena_free(&a);
}

static void members_that_follow_are_unpacked_too(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 5000);
	struct view both = join(&a, plain, view_first(plain, 300));

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view first = packers[i].pack(&a, plain);
		struct view twice = join(&a, first, packers[i].pack(&a, view_first(plain, 300)));
		struct view tailed = join(&a, twice, view_of_string("tail"));

		if (packers[i].continues)
			assert_unpacks(&packers[i], tailed, both, twice.n);
		else
			assert_unpacks(&packers[i], tailed, plain, first.n);
	}
	arena_free(&a);
}

static void another_format_is_no_member(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 5000);

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++)
		for (size_t k = 0; k < PACKER_COUNT; k++) {
			struct view first = packers[i].pack(&a, plain);

			if (strcmp(packers[i].codec, packers[k].codec) != 0)
				assert_unpacks(&packers[i],
					join(&a, first, packers[k].pack(&a, plain)), plain,
					first.n);
		}
	arena_free(&a);
}

static void frames_between_members_are_skipped(void **state)
{
	static const char *const labels[] = { "zstd", "lz4" };
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 400);
	struct view note = { (const uint8_t *)"\x5f\x2a\x4d\x18\x03\0\0\0abc", 11 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct packer packer = { labels[i], labels[i], NULL, true, true };
		struct view one = pack_with(labels[i], &a, plain);
		struct view all = join(&a, join(&a, one, note), one);

		assert_unpacks(&packer, all, join(&a, plain, plain), all.n);
	}
	arena_free(&a);
}

static void names_lead_to_codecs(void **state)
{
	static const char *const names[] = { "gzip", "xz", "lzma", "zstd", "lz4", "lz4-legacy",
		"bzip2" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_string_equal(codec_by_name(names[i])->name, names[i]);
	assert_null(codec_by_name("lzo"));
	assert_null(codec_by_name(""));
}

/* Each byte of a magic number counts, and a file of nothing but a magic number is none. */
static void other_bytes_are_not_recognised(void **state)
{
	static const size_t magic[] = { 3, 3, 6, 6, 1, 1, 4, 4, 4, 4, 4, 3 };
	struct arena a = { 0 };
	struct view plain = make_plain(&a, 100);

	(void)state;
	assert_null(codec_find((struct view){ 0 }));
	assert_null(codec_find(plain));
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, plain);

		assert_null(codec_find(view_first(packed, magic[i])));
		for (size_t k = 0; k < magic[i]; k++) {
			struct view wrong = join(&a, packed, (struct view){ 0 });

			((uint8_t *)(uintptr_t)wrong.p)[k] ^= 0x40;
			assert_null(codec_find(wrong));
		}
	}
	arena_free(&a);
}

static void lzma_is_recognised_strictly(void **state)
{
	static const struct {
		uint8_t properties;
		uint32_t dictionary;
		uint64_t size;
		uint8_t first;
		bool good;
	} rows[] = {
		{ 0x5d, MiB(8), UINT64_MAX, 0, true },
		{ 0x5d, MiB(64), 12345, 0, true },
		{ 0x5d, MiB(96), UINT64_MAX, 0, true },
		{ 0x5d, KiB(64), GiB(256) - 1, 0, true },
		{ 0x5e, MiB(8), UINT64_MAX, 0, false },
		{ 0x5d, KiB(32), UINT64_MAX, 0, false },
		{ 0x5d, 0, UINT64_MAX, 0, false },
		{ 0x5d, UINT32_MAX, UINT64_MAX, 0, false },
		{ 0x5d, MiB(8) + 1, UINT64_MAX, 0, false },
		{ 0x5d, MiB(5), UINT64_MAX, 0, false },
		{ 0x5d, MiB(8), 0, 0, false },
		{ 0x5d, MiB(8), GiB(256), 0, false },
		{ 0x5d, MiB(8), UINT64_MAX - 1, 0, false },
		{ 0x5d, MiB(8), UINT64_MAX, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[14];
		struct block b = { bytes, sizeof bytes, false };
		struct view v = { bytes, sizeof bytes };

		block_put_u8(&b, 0, rows[i].properties);
		block_put_le32(&b, 1, rows[i].dictionary);
		block_put_le64(&b, 5, rows[i].size);
		block_put_u8(&b, 13, rows[i].first);
		if ((codec_find(v) == codec_by_name("lzma")) != rows[i].good)
			fail_msg("row %d", (int)i);
		assert_null(codec_find(view_first(v, 13)));
	}
}

/* As in a build without the library: what it is, is known, and what is missing is said. */
static void a_codec_without_its_library_names_it(void **state)
{
	const struct codec codec = { .name = "zstd", .library = "libzstd" };
	struct buffer_sink sink = buffer_sink_make(NULL, 0);
	uint64_t used = 7;
	struct error err = { 0 };

	(void)state;
	assert_false(codec_unpack(&codec, (struct view){ 0 }, &sink.sink, &used, &err));
	assert_int_equal(err.fault, FAULT_CODEC_MISSING);
	assert_string_equal(err.reason, "this build of Saut is without libzstd, which zstd needs");
	assert_int_equal(used, 7);
}

/* A sink that remembers up to where bytes were said to come. */
struct told {
	struct buffer_sink buffer;
	uint64_t upto;
};

static void remember(struct sink *sink, size_t n)
{
	struct told *told = (struct told *)sink;

	assert_true(n > 0 && n <= sink_room(sink).n);
	if (sink->taken + n > told->upto)
		told->upto = sink->taken + n;
}

static struct told told_make(uint8_t *p, size_t size)
{
	struct told told = { .buffer = buffer_sink_make(p, size) };

	told.buffer.sink.expect = remember;
	return told;
}

/* But for what is handed over in pieces at the end, where less room is left than for a step. */
static void what_comes_is_told_before(void **state)
{
	enum { SIZE = 1000000, STEP = 65536 };
	uint8_t *out = malloc(2 * SIZE);

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view packed = packers[i].pack(&a, make_plain(&a, SIZE));
		const struct codec *codec = codec_find(packed);
		struct told told = told_make(out, SIZE);
		struct error err = { 0 };
		uint64_t used;

		assert_true(codec->unpack(packed, &told.buffer.sink, &used, &err));
		if (told.upto < SIZE - STEP)
			fail_msg("%s: up to %d", packers[i].label, (int)told.upto);
		arena_free(&a);
	}
	free(out);
}

/* Memory for what packed bytes only say is not made. */
static void what_is_said_is_not_all_believed(void **state)
{
	enum { SIZE = 1000, ROOM = 1000000 };
	uint8_t *out = malloc(ROOM);
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, make_plain(&a, SIZE));
	struct block size = { (uint8_t *)packed.p, packed.n, false };
	struct told told = told_make(out, ROOM);
	struct error err = { 0 };
	uint64_t used;

	(void)state;
	block_put_le32(&size, packed.n - 4, ROOM);
	assert_false(codec_by_name("gzip")->unpack(packed, &told.buffer.sink, &used, &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_CORRUPT);
	/* A step's room is no word of theirs. */
	assert_true(told.upto <= 65536 + SIZE);
	arena_free(&a);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_format_unpacks),
		CASE(what_follows_is_left_alone),
		CASE(members_that_follow_are_unpacked_too),
		CASE(another_format_is_no_member),
		CASE(frames_between_members_are_skipped),
		CASE(names_lead_to_codecs),
		CASE(other_bytes_are_not_recognised),
		CASE(lzma_is_recognised_strictly),
		CASE(a_codec_without_its_library_names_it),
		CASE(what_comes_is_told_before),
		CASE(what_is_said_is_not_all_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
