/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Initrds walked to their ends. The libraries are the oracle: what they unpack to the last byte, the walk
 * by headers takes as well, and ends where they end.
 */
#include "fuzz.h"

#include <string.h>

#include "base/arith.h"
#include "codec/walk.h"
#include "initrd/verify.h"

static const struct {
	const char *codec;
	codec_walk *walk;
} walked[] = {
	{ "zstd", walk_zstd },
	{ "xz", walk_xz },
	{ "lz4-legacy", walk_lz4_legacy },
};

static bool put_nowhere(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink, (void)piece, (void)err;
	return true;
}

/* Libraries take one stream behind another; Linux, and the walk, one. Frames that are skipped, never. */
static bool walk_all(struct view bytes, codec_walk *walk, uint64_t end, struct error *err)
{
	uint64_t at = 0;

	while (at < end) {
		uint64_t next;

		if (!walk(bytes, at, &next, err))
			return false;
		expect(next > at && next <= bytes.n);
		at = next;
	}
	return true;
}

static void expect_walk(struct view bytes, size_t row)
{
	const struct codec *codec = codec_by_name(walked[row].codec);
	struct sink nowhere = { put_nowhere, MiB(1), 0 };
	struct error err = { 0 };
	uint64_t used;

	if (!codec->probe(bytes) || !codec->unpack(bytes, &nowhere, &used, &err) ||
		memmem(bytes.p, bytes.n, "\x2a\x4d\x18", 3))
		return;
	/* Linux takes what stands behind a frame of lz4 for more of it. */
	if (walked[row].walk == walk_lz4_legacy && used != bytes.n)
		return;
	if (!walk_all(bytes, walked[row].walk, used, &err))
		expect(err.fault == FAULT_INITRD_PACKING || strstr(err.reason, "is not LZMA2"));
}

static void expect_verdict(struct view file, enum initrd_depth depth)
{
	const struct initrd_verify_request wanted = { file, depth, file.n & 1 };
	struct initrd_verdict verdict;
	struct error err = { 0 };

	if (!initrd_verify(&wanted, &verdict, &err)) {
		expect_bad_file(&err);
		expect(err.fault == FAULT_INITRD_DAMAGED || err.fault == FAULT_INITRD_PACKING);
		return;
	}
	expect(verdict.has_archives || (!verdict.needs_unpacking && !verdict.lacks_trailer));
	for (int i = 0; i < PACKINGS; i++)
		expect(!verdict.packed[i] || verdict.has_archives);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { data, size };

	for (size_t i = 0; i < sizeof walked / sizeof *walked; i++)
		expect_walk(bytes, i);
	expect_verdict(bytes, DEPTH_HEADERS);
	expect_verdict(bytes, DEPTH_ALL);
	return 0;
}
