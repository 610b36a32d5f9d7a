/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of codecs. */
#include "codec/codec.h"

#include <string.h>

#include "codec/codecs.h"

/* lzma has no magic number of its own, so it is asked last. */
static const struct codec *const codecs[] = {
	&codec_gzip,
	&codec_xz,
	&codec_zstd,
	&codec_lz4,
	&codec_lz4_legacy,
	&codec_bzip2,
	&codec_lzma,
};

enum { CODEC_COUNT = sizeof codecs / sizeof codecs[0] };

bool codec_is_missing(const char *name, const char *library, struct error *err)
{
	return fail(err, FAULT_CODEC_MISSING, "this build of Saut is without %s, which %s needs",
		library, name);
}

bool codec_unpack(const struct codec *codec, struct view bytes, struct sink *sink,
	uint64_t *ret_used, struct error *err)
{
	if (!codec->unpack)
		return codec_is_missing(codec->name, codec->library, err);
	return codec->unpack(bytes, sink, ret_used, err);
}

const struct codec *codec_find(struct view v)
{
	for (size_t i = 0; i < CODEC_COUNT; i++)
		if (codecs[i]->probe(v))
			return codecs[i];
	return NULL;
}

const struct codec *codec_by_name(const char *name)
{
	for (size_t i = 0; i < CODEC_COUNT; i++)
		if (strcmp(codecs[i]->name, name) == 0)
			return codecs[i];
	return NULL;
}
