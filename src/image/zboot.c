/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the payload and unpacks it by the table of codecs; what is in it, others know. */
#include "image/zboot.h"

#include <string.h>

#include "image/pe.h"

enum {
	IMAGE_TYPE = 4,
	PAYLOAD_OFFSET = 8,
	COMPRESSION = 24,
	LINUX_MARK = 56,
	HEADER_END = 64, /* the PE header follows */
};

/*
 * What the header calls a compression, and who unpacks it. The names of Linux 6.1 to 6.13 are those
 * of its build's commands, later ones have gzip and zstd only.
 */
static const struct {
	const char *name, *for_people, *codec;
} compressions[] = {
	{ "gzip", "gzip", "gzip" },
	{ "lz4", "lz4", "lz4-legacy" },
	{ "lzma", "lzma", "lzma" },
	{ "lzo", "lzo", NULL },
	{ "xz", "xz", "xz" },
	{ "xzkern", "xz", "xz" },
	{ "zstd", "zstd", "zstd" },
	{ "zstd22", "zstd", "zstd" },
};

bool zboot_probe(struct view bytes)
{
	return view_has_at(bytes, 0, "MZ") && view_has_at(bytes, IMAGE_TYPE, "zimg");
}

static void read_compression(struct view field, char name[ZBOOT_COMPRESSION_SIZE + 1])
{
	size_t i = 0;

	for (; i < field.n && field.p[i]; i++)
		name[i] = field.p[i] >= ' ' && field.p[i] <= '~' ? (char)field.p[i] : '?';
	name[i] = '\0';
}

static bool find_codec(struct zboot *zboot, struct error *err)
{
	for (size_t i = 0; i < sizeof compressions / sizeof compressions[0]; i++) {
		const char *codec = compressions[i].codec;

		if (strcmp(compressions[i].name, zboot->compression) != 0)
			continue;
		strcpy(zboot->compression, compressions[i].for_people);
		zboot->codec = codec ? codec_by_name(codec) : NULL;
		if (zboot->codec && !zboot->codec->probe(zboot->payload))
			return fail(err, FAULT_IMAGE_CORRUPT,
				"its payload does not begin as %s does, which its header names",
				zboot->compression);
		return true;
	}
	return fail(err, FAULT_IMAGE_CORRUPT, "its compression is called \"%s\", as none is",
		zboot->compression);
}

bool zboot_parse(struct view bytes, struct zboot *ret, struct error *err)
{
	struct reader r = reader_at(bytes, PAYLOAD_OFFSET);
	uint32_t offset = reader_le32(&r), size = reader_le32(&r);
	struct zboot zboot = { 0 };

	if (bytes.n < HEADER_END)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its header", bytes.n);
	if (!view_has_at(bytes, LINUX_MARK, "\xcd\x23\x82\x81"))
		return fail(err, FAULT_IMAGE_CORRUPT, "its header lacks the mark of Linux");
	if (offset < HEADER_END || size == 0)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its payload (offset %#x, %u bytes) is empty or lies in the header", offset,
			size);
	if (!view_sub(bytes, offset, size, &zboot.payload))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, its payload (offset %#x, %u bytes) reaches past",
			bytes.n, offset, size);
	r = reader_at(bytes, COMPRESSION);
	read_compression(reader_bytes(&r, ZBOOT_COMPRESSION_SIZE), zboot.compression);
	if (!find_codec(&zboot, err))
		return false;
	(void)pe_probe(bytes, &zboot.arch);
	*ret = zboot;
	return true;
}

bool zboot_unpack(const struct zboot *zboot, struct sink *sink, struct error *err)
{
	uint64_t used;

	if (!zboot->codec)
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"its payload is compressed by %s, which is not "
			"known here",
			zboot->compression);
	if (codec_unpack(zboot->codec, zboot->payload, sink, &used, err))
		return true;
	return error_prefix(err, "%s: ", zboot->compression);
}

bool zboot_unpack_head(
	const struct zboot *zboot, uint8_t *p, size_t size, struct view *ret, struct error *err)
{
	struct head_sink head = head_sink_make(p, size);
	struct error ignored = { 0 };

	if (!zboot_unpack(zboot, &head.sink, &ignored) && head.count < size) {
		*err = ignored;
		return false;
	}
	*ret = (struct view){ p, head.count };
	return true;
}
