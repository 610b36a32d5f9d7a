/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/payload.h"

bool payload_set(
	struct payload *payload, const char *compression, const char *codec, struct error *err)
{
	payload->compression = compression;
	payload->codec = codec ? codec_by_name(codec) : NULL;
	if (payload->codec && !payload->codec->probe(payload->bytes))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its payload does not begin as %s does, which its header names",
			compression);
	return true;
}

bool payload_unpack(const struct payload *payload, struct sink *sink, struct error *err)
{
	uint64_t used;

	if (!payload->codec)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"its payload is compressed by %s, which is not "
			"known here",
			payload->compression);
	if (codec_unpack(payload->codec, payload->bytes, sink, &used, err))
		return true;
	return error_prefix(err, "%s: ", payload->compression);
}

bool payload_unpack_head(
	const struct payload *payload, uint8_t *p, size_t size, struct view *ret, struct error *err)
{
	struct head_sink head = head_sink_make(p, size);
	struct error ignored = { 0 };

	if (!payload_unpack(payload, &head.sink, &ignored) && head.count < size) {
		*err = ignored;
		return false;
	}
	*ret = (struct view){ p, head.count };
	return true;
}
