/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where unpacked bytes go, and the limit that stops a decompression bomb. */
#include "codec/codec.h"

#include <inttypes.h>
#include <string.h>

#include "base/whole.h"

bool sink_put(struct sink *sink, struct view piece, struct error *err)
{
	if (!piece.n)
		return true;
	if (sink->taken > sink->limit || piece.n > sink->limit - sink->taken)
		return fail(err, FAULT_COMPRESSION_BOMB,
			"the unpacked data is larger than the limit of %" PRIu64 " bytes",
			sink->limit);
	if (!sink->put(sink, piece, err))
		return false;
	sink->taken += piece.n;
	return true;
}

struct room sink_room(struct sink *sink)
{
	struct room room = sink->room ? sink->room(sink) : (struct room){ 0 };
	uint64_t left = sink->taken < sink->limit ? sink->limit - sink->taken : 0;

	if (room.n > left)
		room.n = (size_t)left;
	return room;
}

void sink_expect(struct sink *sink, uint64_t n)
{
	const size_t most = sink->expect ? sink_room(sink).n : 0;

	if (most && n)
		sink->expect(sink, n < most ? (size_t)n : most);
}

void sink_filled(struct sink *sink, size_t n)
{
	sink->taken += n;
}

void sink_tell(const struct sink *sink, const uint8_t *place)
{
	if (sink->watch)
		sink->watch->call(sink->watch, place);
}

/* taken is where the piece belongs. */
static bool put_into_buffer(struct sink *sink, struct view piece, struct error *err)
{
	struct buffer_sink *buffer = WHOLE_OF(sink, struct buffer_sink, sink);

	(void)err;
	memcpy(buffer->p + sink->taken, piece.p, piece.n);
	return true;
}

static struct room room_in_buffer(struct sink *sink)
{
	struct buffer_sink *buffer = WHOLE_OF(sink, struct buffer_sink, sink);

	return (struct room){ buffer->p + sink->taken, (size_t)(sink->limit - sink->taken) };
}

struct buffer_sink buffer_sink_make(uint8_t *p, size_t size)
{
	return (struct buffer_sink){
		.sink = { .put = put_into_buffer, .limit = size, .room = room_in_buffer }, .p = p
	};
}

static bool put_into_head(struct sink *sink, struct view piece, struct error *err)
{
	struct head_sink *head = WHOLE_OF(sink, struct head_sink, sink);

	piece = view_first(piece, head->size - head->count);
	if (piece.n)
		memcpy(head->p + head->count, piece.p, piece.n);
	head->count += piece.n;
	return head->count < head->size ||
		fail(err, FAULT_COMPRESSION_BOMB, "%zu bytes are enough", head->size);
}

struct head_sink head_sink_make(uint8_t *p, size_t size)
{
	return (struct head_sink){
		.sink = { .put = put_into_head, .limit = UINT64_MAX }, .p = p, .size = size
	};
}
