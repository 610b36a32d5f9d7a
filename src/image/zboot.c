/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the payload and unpacks it by the table of codecs; what is in it, others know. */
#include "image/zboot.h"

#include <string.h>

#include "image/pe.h"

enum {
	IMAGE_TYPE = 4,
	PAYLOAD_OFFSET = 8,
	COMPRESSION = 24,
	NAME_SIZE = 32,
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

/* The field may be full, without a zero at its end. */
static void read_name(struct view field, char name[NAME_SIZE + 1])
{
	size_t i = 0;

	for (; i < field.n && field.p[i]; i++)
		name[i] = field.p[i] >= ' ' && field.p[i] <= '~' ? (char)field.p[i] : '?';
	name[i] = '\0';
}

static bool find_codec(struct view field, struct payload *payload, struct error *err)
{
	char name[NAME_SIZE + 1];

	read_name(field, name);
	for (size_t i = 0; i < sizeof compressions / sizeof compressions[0]; i++)
		if (strcmp(compressions[i].name, name) == 0)
			return payload_set(
				payload, compressions[i].for_people, compressions[i].codec, err);
	return fail(err, FAULT_IMAGE_CORRUPT, "its compression is called \"%s\", as none is", name);
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
	if (!view_sub(bytes, offset, size, &zboot.payload.bytes))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, its payload (offset %#x, %u bytes) reaches past",
			bytes.n, offset, size);
	r = reader_at(bytes, COMPRESSION);
	if (!find_codec(reader_bytes(&r, NAME_SIZE), &zboot.payload, err))
		return false;
	(void)pe_probe(bytes, &zboot.arch);
	*ret = zboot;
	return true;
}
