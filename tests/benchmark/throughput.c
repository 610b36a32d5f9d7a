/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How fast this machine digests and unpacks, beside how fast it copies: the ratio to memcpy says
 * more about the code than MB/s do, which depend on the machine. Best of some rounds, user CPU time.
 */
#include "pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/digest.h"
#include "codec/pack-sink.h"

enum { SIZE = 16 << 20, ROUNDS = 3 };

struct work {
	struct view plain;  /* SIZE bytes */
	struct view packed; /* for unpacking */
	uint8_t *out;       /* room for SIZE bytes and some */
	enum digest_kind kind;
	struct digest_engines engines;
	enum pack_format format;
};

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

/* MB/s of plain bytes, the best round. */
static double measure(void (*run)(const struct work *work), const struct work *work)
{
	double best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double start = cpu_seconds(), took, rate;

		run(work);
		took = cpu_seconds() - start;
		rate = (double)SIZE / 1e6 / (took > 1e-6 ? took : 1e-6);
		best = rate > best ? rate : best;
	}
	return best;
}

static void run_copy(const struct work *work)
{
	/* Several times, since the clock is coarse for one. */
	for (int i = 0; i < 8; i++) {
		memcpy(work->out, work->plain.p, SIZE);
		__asm__ volatile("" : : "r"(work->out) : "memory");
	}
}

static void run_digest(const struct work *work)
{
	uint8_t result[DIGEST_SIZE];
	struct digest digest;

	digest_begin_with(&digest, work->kind, work->engines);
	digest_add(&digest, work->plain);
	digest_end(&digest, result);
}

static void run_unpack(const struct work *work)
{
	struct buffer_sink sink = buffer_sink_make(work->out, SIZE);
	struct error err = { 0 };
	uint64_t used;

	assert_true(codec_find(work->packed)->unpack(work->packed, &sink.sink, &used, &err));
	assert_int_equal(sink.sink.taken, SIZE);
}

static void run_pack(const struct work *work)
{
	struct buffer_sink sink = buffer_sink_make(work->out, SIZE + SIZE / 64);
	struct error err = { 0 };
	struct pack_sink pack;

	assert_true(pack_sink_begin(work->format, &sink.sink, SIZE, &pack, &err));
	assert_true(sink_put(&pack.sink, work->plain, &err));
	assert_true(pack_sink_end(&pack, &err));
	pack_sink_free(&pack);
}

static void print_row(const char *what, const char *how, double rate, double memcpy_rate)
{
	printf("%-8s %-24s %9.0f %12.4f\n", what, how, rate, rate / memcpy_rate);
}

static void digests(struct work work, double memcpy_rate)
{
	const struct digest_engines best = digest_engines_of_cpu();
	const struct digest_engines plain = { sha256_portable, crc32c_portable };

	work.engines = best;
	work.kind = DIGEST_SHA256;
	print_row("digest", "SHA-256, this CPU's best", measure(run_digest, &work), memcpy_rate);
	work.kind = DIGEST_CRC32C;
	print_row("digest", "CRC-32C, this CPU's best", measure(run_digest, &work), memcpy_rate);
	work.engines = plain;
	print_row("digest", "CRC-32C, plain C", measure(run_digest, &work), memcpy_rate);
	work.kind = DIGEST_SHA256;
	print_row("digest", "SHA-256, plain C", measure(run_digest, &work), memcpy_rate);
}

static void codecs(struct work work, double memcpy_rate)
{
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };

		work.packed = packers[i].pack(&a, work.plain);
		print_row("unpack", packers[i].label, measure(run_unpack, &work), memcpy_rate);
		arena_free(&a);
	}
	work.format = PACK_LZ4_LEGACY;
	print_row("pack", "lz4 -l", measure(run_pack, &work), memcpy_rate);
	work.format = PACK_ZSTD;
	print_row("pack", "zstd", measure(run_pack, &work), memcpy_rate);
}

int main(void)
{
	struct arena a = { 0 };
	struct work work = { .plain = make_plain(&a, SIZE), .out = malloc(SIZE + SIZE / 64) };
	double memcpy_rate;

	if (!work.out)
		return 1;
	printf("%-8s %-24s %9s %12s\n", "work", "how", "MB/s", "of memcpy");
	memcpy_rate = 8 * measure(run_copy, &work);
	print_row("copy", "memcpy", memcpy_rate, memcpy_rate);
	digests(work, memcpy_rate);
	codecs(work, memcpy_rate);
	free(work.out);
	arena_free(&a);
	return 0;
}
