/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compressed bytes of any format, unpacked into nothing but a count of at most a mebibyte. */
#include "fuzz.h"

#include "base/arith.h"
#include "codec/codec.h"

struct counting_sink {
	struct sink sink;
	uint64_t bytes;
	uint8_t sum; /* so that every byte is looked at */
};

static bool count(struct sink *sink, struct view piece, struct error *err)
{
	struct counting_sink *counting = (struct counting_sink *)sink;

	(void)err;
	counting->bytes += piece.n;
	for (size_t i = 0; i < piece.n; i++)
		counting->sum ^= piece.p[i];
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view packed = { data, size };
	const struct codec *codec = codec_find(packed);
	struct counting_sink sink = { .sink = { .put = count, .limit = MiB(1) } };
	struct error err = { 0 };
	uint64_t used = UINT64_MAX;

	if (!codec)
		return 0;
	expect(codec_by_name(codec->name) == codec);
	if (codec->unpack(packed, &sink.sink, &used, &err)) {
		expect(used > 0 && used <= size);
	} else {
		expect_bad_file(&err);
		expect(used == UINT64_MAX);
	}
	expect(sink.bytes == sink.sink.taken && sink.bytes <= MiB(1));
	return 0;
}
