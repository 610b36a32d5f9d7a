/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An initrd is rewritten in each form: what is refused in one is refused in all, and packed forms unpack to the
 * bytes that the raw form is.
 */
#include "fuzz.h"

#include <string.h>

#include "base/arith.h"
#include "initrd/repack.h"

enum { LIMIT = KiB(128) };

struct made {
	bool done;
	struct buffer_sink sink;
};

static struct made rewrite(struct view file, enum initrd_form form, uint8_t room[static LIMIT])
{
	const struct repack_request wanted = { .file = file, .form = form, .unpacked_max = LIMIT };
	struct made made = { .sink = buffer_sink_make(room, LIMIT) };
	struct initrd_part parts[INITRD_ARCHIVES_MAX];
	struct error err = { 0 };
	size_t count = 0;

	made.done = initrd_repack(&wanted, &made.sink.sink, parts, &count, &err);
	expect(count <= INITRD_ARCHIVES_MAX);
	if (!made.done)
		expect_bad_file(&err);
	return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum initrd_form forms[] = { INITRD_LZ4, INITRD_ZSTD };
	static uint8_t raw_bytes[LIMIT], packed_bytes[LIMIT], again_bytes[LIMIT];
	struct made raw = rewrite((struct view){ data, size }, INITRD_RAW, raw_bytes), packed,
		    again;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		packed = rewrite((struct view){ data, size }, forms[i], packed_bytes);
		/* What does not shrink may be past the limit of one form alone. */
		if (!packed.done || !raw.done)
			continue;
		again = rewrite((struct view){ packed_bytes, (size_t)packed.sink.sink.taken },
			INITRD_RAW, again_bytes);
		expect(again.done && again.sink.sink.taken == raw.sink.sink.taken);
		expect(memcmp(again_bytes, raw_bytes, (size_t)raw.sink.sink.taken) == 0);
	}
	return 0;
}
