/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crash/log-text.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arith.h"

enum { PIECE = 1024, ESCAPED = 4, NANOSECONDS = 1000 * 1000 * 1000, PER_MICROSECOND = 1000 };

void log_put_time(struct log_sink *sink, uint64_t nanoseconds)
{
	char text[48];

	snprintf(text, sizeof text, "[%5" PRIu64 ".%06" PRIu64 "] ", nanoseconds / NANOSECONDS,
		nanoseconds % NANOSECONDS / PER_MICROSECOND);
	sink->put(sink->context, view_of_string(text));
}

static bool is_shown(uint8_t c)
{
	return (c >= ' ' && c <= '~') || c == '\n' || c == '\t';
}

static void put_piece(struct log_sink *sink, struct view text)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t out[ESCAPED * PIECE];
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		const uint8_t c = text.p[i];

		if (is_shown(c)) {
			out[n++] = c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = (uint8_t)digits[c >> 4];
		out[n++] = (uint8_t)digits[c & 0xf];
	}
	sink->put(sink->context, (struct view){ out, n });
}

void log_put_text(struct log_sink *sink, struct view text)
{
	for (size_t i = 0; i < text.n; i += PIECE)
		put_piece(sink, view_first(view_from(text, i), PIECE));
}

bool log_put_memory(
	const struct core *core, struct log_sink *sink, struct core_span text, struct error *err)
{
	uint8_t bytes[PIECE];

	for (uint64_t i = 0, n; i < text.size; i += n) {
		n = min_u64(text.size - i, sizeof bytes);
		if (!core_read(core, text.address + i, &(struct block){ bytes, (size_t)n }, err))
			return false;
		put_piece(sink, (struct view){ bytes, (size_t)n });
	}
	return true;
}
