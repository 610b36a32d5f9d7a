/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pack.h"

#include <bzlib.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

/* The higher ones take 100 MB for each stream. */
enum { PRESET = 0 };

/* Room that every packer's output fits into. */
static size_t room_for(size_t n)
{
	return n + n / 32 + 1024;
}

static struct view gzip_with_level(struct arena *a, struct view plain, int level)
{
	uint8_t *p = arena_alloc(a, room_for(plain.n));
	z_stream z = { .next_in = (Bytef *)(uintptr_t)plain.p, .avail_in = (uInt)plain.n };

	z.next_out = p;
	z.avail_out = (uInt)room_for(plain.n);
	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct view){ p, z.total_out };
}

static struct view pack_gzip(struct arena *a, struct view plain)
{
	return gzip_with_level(a, plain, 9);
}

static struct view pack_gzip_stored(struct arena *a, struct view plain)
{
	return gzip_with_level(a, plain, 0);
}

static struct view pack_bzip2(struct arena *a, struct view plain)
{
	unsigned n = (unsigned)room_for(plain.n);
	uint8_t *p = arena_alloc(a, n);

	assert_int_equal(BZ2_bzBuffToBuffCompress((char *)p, &n, (char *)(uintptr_t)plain.p,
				 (unsigned)plain.n, 1, 0, 0),
		BZ_OK);
	return (struct view){ p, n };
}

static struct view run_lzma(struct arena *a, lzma_stream *l, struct view plain, size_t header)
{
	uint8_t *p = arena_alloc(a, room_for(plain.n));

	l->next_in = plain.p;
	l->avail_in = plain.n;
	l->next_out = p + header;
	l->avail_out = room_for(plain.n) - header;
	assert_int_equal(lzma_code(l, LZMA_FINISH), LZMA_STREAM_END);
	header += l->total_out;
	lzma_end(l);
	return (struct view){ p, header };
}

static struct view pack_xz(struct arena *a, struct view plain)
{
	lzma_stream l = LZMA_STREAM_INIT;

	assert_int_equal(lzma_easy_encoder(&l, PRESET, LZMA_CHECK_CRC64), LZMA_OK);
	return run_lzma(a, &l, plain, 0);
}

/* As kbuild's xz_wrap.sh does for x86. */
static struct view pack_xz_kernel(struct arena *a, struct view plain)
{
	lzma_stream l = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	lzma_filter filters[] = {
		{ LZMA_FILTER_X86, NULL },
		{ LZMA_FILTER_LZMA2, &options },
		{ LZMA_VLI_UNKNOWN, NULL },
	};

	assert_false(lzma_lzma_preset(&options, PRESET));
	assert_int_equal(lzma_stream_encoder(&l, filters, LZMA_CHECK_CRC32), LZMA_OK);
	return run_lzma(a, &l, plain, 0);
}

static struct view pack_lzma(struct arena *a, struct view plain)
{
	lzma_stream l = LZMA_STREAM_INIT;
	lzma_options_lzma options;

	assert_false(lzma_lzma_preset(&options, PRESET));
	assert_int_equal(lzma_alone_encoder(&l, &options), LZMA_OK);
	return run_lzma(a, &l, plain, 0);
}

/* Known size and no end mark, as the LZMA SDK writes. */
static struct view pack_lzma_sized(struct arena *a, struct view plain)
{
	lzma_stream l = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	lzma_filter filters[] = {
		{ LZMA_FILTER_LZMA1EXT, &options },
		{ LZMA_VLI_UNKNOWN, NULL },
	};
	struct block header;
	struct view packed;

	assert_false(lzma_lzma_preset(&options, PRESET));
	options.ext_flags = 0;
	lzma_set_ext_size(options, plain.n);
	assert_int_equal(lzma_raw_encoder(&l, filters), LZMA_OK);
	packed = run_lzma(a, &l, plain, 13);
	header = (struct block){ (uint8_t *)(uintptr_t)packed.p, 13, false };
	block_put_u8(&header, 0, 0x5d);
	block_put_le32(&header, 1, options.dict_size);
	block_put_le64(&header, 5, plain.n);
	return packed;
}

/* size_known: as `zstd FILE` does; kbuild pipes. */
static struct view zstd_with(struct arena *a, struct view plain, bool checksum, bool size_known)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	uint8_t *p = arena_alloc(a, room_for(plain.n));
	ZSTD_inBuffer from = { plain.p, plain.n, 0 };
	ZSTD_outBuffer to = { p, room_for(plain.n), 0 };

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
	if (size_known)
		ZSTD_CCtx_setPledgedSrcSize(context, plain.n);
	else /* a first call that does not end keeps the size unknown */
		ZSTD_compressStream2(context, &to, &from, ZSTD_e_continue);
	assert_int_equal(ZSTD_compressStream2(context, &to, &from, ZSTD_e_end), 0);
	ZSTD_freeCCtx(context);
	return (struct view){ p, to.pos };
}

static struct view pack_zstd(struct arena *a, struct view plain)
{
	return zstd_with(a, plain, true, false);
}

static struct view pack_zstd_sized(struct arena *a, struct view plain)
{
	return zstd_with(a, plain, false, true);
}

static struct view lz4_with(struct arena *a, struct view plain, const LZ4F_preferences_t *wish)
{
	uint8_t *p = arena_alloc(a, room_for(plain.n));
	size_t n = LZ4F_compressFrame(p, room_for(plain.n), plain.p, plain.n, wish);

	assert_false(LZ4F_isError(n));
	return (struct view){ p, n };
}

static struct view pack_lz4(struct arena *a, struct view plain)
{
	LZ4F_preferences_t wish = { .frameInfo = { .contentChecksumFlag = 1,
					    .blockSizeID = LZ4F_max64KB } };

	return lz4_with(a, plain, &wish);
}

static struct view pack_lz4_big(struct arena *a, struct view plain)
{
	LZ4F_preferences_t wish = { .frameInfo = { .blockChecksumFlag = 1,
					    .blockMode = LZ4F_blockIndependent,
					    .blockSizeID = LZ4F_max4MB,
					    .contentSize = plain.n } };

	return lz4_with(a, plain, &wish);
}

static struct view pack_lz4_legacy(struct arena *a, struct view plain)
{
	enum { BLOCK = 8 << 20 };
	struct block b = { arena_alloc(a, room_for(plain.n)), room_for(plain.n), false };
	size_t at = 4;

	block_put_le32(&b, 0, 0x184c2102);
	for (size_t done = 0; done < plain.n; done += BLOCK) {
		struct view part = view_first(view_from(plain, done), BLOCK);
		int n = LZ4_compress_default((const char *)part.p, (char *)b.p + at + 4,
			(int)part.n, (int)(b.n - at - 4));

		assert_true(n > 0);
		block_put_le32(&b, at, (uint32_t)n);
		at += 4 + (size_t)n;
	}
	return (struct view){ b.p, at };
}

/* clang-format off */
const struct packer packers[PACKER_COUNT] = {
	{ "gzip",          "gzip",       pack_gzip,        true,  true },
	{ "gzip -0",       "gzip",       pack_gzip_stored, true,  true },
	{ "xz",            "xz",         pack_xz,          true,  true },
	{ "xz of kernels", "xz",         pack_xz_kernel,   true,  true },
	{ "lzma",          "lzma",       pack_lzma,        false, false },
	{ "lzma sized",    "lzma",       pack_lzma_sized,  false, false },
	{ "zstd",          "zstd",       pack_zstd,        true,  true },
	{ "zstd sized",    "zstd",       pack_zstd_sized,  false, true },
	{ "lz4",           "lz4",        pack_lz4,         true,  true },
	{ "lz4 big",       "lz4",        pack_lz4_big,     true,  true },
	{ "lz4 -l",        "lz4-legacy", pack_lz4_legacy,  false, true },
	{ "bzip2",         "bzip2",      pack_bzip2,       true,  true },
};
/* clang-format on */

struct view pack_with(const char *label, struct arena *a, struct view plain)
{
	for (size_t i = 0; i < PACKER_COUNT; i++)
		if (strcmp(packers[i].label, label) == 0)
			return packers[i].pack(a, plain);
	fail_msg("no packer \"%s\"", label);
	return plain;
}

struct view join(struct arena *a, struct view x, struct view y)
{
	struct block b = { arena_alloc(a, x.n + y.n), x.n + y.n, false };

	block_put_bytes(&b, 0, x);
	block_put_bytes(&b, x.n, y);
	return (struct view){ b.p, b.n };
}

struct view make_plain(struct arena *a, size_t size)
{
	uint8_t *p = arena_alloc(a, size + 1);
	uint32_t random = 1;

	for (size_t i = 0; i < size; i++) {
		random = random * 1664525 + 1013904223;
		p[i] = i & 128 ? (uint8_t)(random >> 24) : (uint8_t)(i / 4096);
		if (i % 61 == 0)
			p[i] = 0xe8; /* a call, for the jump filter of xz */
	}
	return (struct view){ p, size };
}
