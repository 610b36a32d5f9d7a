/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sink in front of a compressing library; knows no format. */
#include "codec/pack-formats.h"

#include "base/whole.h"
#include "codec/codecs.h"

static const struct pack_ops *const formats[] = {
	[PACK_ZSTD] = &pack_zstd,
	[PACK_LZ4_LEGACY] = &pack_lz4_legacy,
};

static bool put(struct sink *sink, struct view piece, struct error *err)
{
	struct pack_sink *pack = WHOLE_OF(sink, struct pack_sink, sink);

	return pack->ops->put(pack->state, piece, pack->to, err);
}

bool pack_sink_begin(enum pack_format format, struct sink *to, uint64_t limit,
	struct pack_sink *ret, struct error *err)
{
	const struct pack_ops *ops = formats[format];
	void *state;

	if (!ops->open)
		return codec_is_missing(ops->name, ops->library, err);
	state = ops->open();
	if (!state)
		return fail_no_memory(err);
	*ret = (struct pack_sink){ { put, limit, 0 }, to, ops, state };
	return true;
}

bool pack_sink_end(struct pack_sink *pack, struct error *err)
{
	return pack->ops->end(pack->state, pack->to, err);
}

void pack_sink_free(struct pack_sink *pack)
{
	if (pack->state)
		pack->ops->close(pack->state);
	pack->state = NULL;
}
