/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compressed bytes of any format, unpacked into at most a quarter of a mebibyte: by a sink with memory to write into, where other
 * libraries may do it, and by one that is handed pieces. What the latter takes, the former takes to the same end.
 */
#include "fuzz.h"

#include <string.h>

#include "base/arith.h"
#include "codec/codec.h"

enum { LIMIT = KiB(256) };

struct outcome {
	bool done;
	uint64_t used, taken;
};

static struct outcome unpack(const struct codec *codec, struct view packed, struct buffer_sink sink)
{
	struct outcome o = { .used = UINT64_MAX };
	struct error err = { 0 };

	o.done = codec->unpack(packed, &sink.sink, &o.used, &err);
	o.taken = sink.sink.taken;
	if (o.done) {
		expect(o.used > 0 && o.used <= packed.n);
	} else {
		expect_bad_file(&err);
		expect(o.used == UINT64_MAX);
	}
	expect(o.taken <= LIMIT);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t whole_bytes[LIMIT], pieces_bytes[LIMIT];
	struct view packed = { data, size };
	const struct codec *codec = codec_find(packed);
	struct buffer_sink whole = buffer_sink_make(whole_bytes, LIMIT),
			   pieces = buffer_sink_make(pieces_bytes, LIMIT);
	struct outcome w, p;

	if (!codec)
		return 0;
	expect(codec_by_name(codec->name) == codec);
	pieces.sink.room = NULL;
	w = unpack(codec, packed, whole);
	p = unpack(codec, packed, pieces);
	if (p.done)
		expect(w.done && w.used == p.used && w.taken == p.taken &&
			memcmp(whole.p, pieces.p, (size_t)p.taken) == 0);
	return 0;
}
