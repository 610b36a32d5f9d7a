/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A header and its payload; what is not exactly as it is written here is none. */
#include "ready/form.h"

#include <string.h>

/* Another number for each change of what a payload or a header means. */
static const char magic[] = "sautrdy1";

/* Offsets in the header, little endian. What is between them is zero. */
enum {
	KIND_AT = 8,
	SHA256_AT = 16,
	CRC32C_AT = 48,
	SIZE_AT = 56,
	UNPACKED_AT = 64,
	PAYLOAD_AT = 72, /* how many bytes it has */
	DIGEST_AT = READY_HEADER - 4,
};

struct ready_source ready_source_of(struct view file)
{
	/* Both while the bytes are in the CPU's cache. */
	enum { PIECE = 64 * 1024 };
	struct ready_source source = { .size = file.n };
	uint8_t crc32c[DIGEST_SIZE];
	struct digest sha, crc;

	digest_begin(&sha, DIGEST_SHA256);
	digest_begin(&crc, DIGEST_CRC32C);
	for (; file.n; file = view_from(file, PIECE)) {
		digest_add(&sha, view_first(file, PIECE));
		digest_add(&crc, view_first(file, PIECE));
	}
	digest_end(&sha, source.sha256);
	digest_end(&crc, crc32c);
	memcpy(source.crc32c, crc32c, sizeof source.crc32c);
	return source;
}

static uint8_t *byte_of(struct ready_source *source, size_t i)
{
	return i < DIGEST_SIZE ? &source->sha256[i] : &source->crc32c[i - DIGEST_SIZE];
}

void ready_source_text(const struct ready_source *source, char ret[static READY_SOURCE_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	struct ready_source copy = *source;

	for (size_t i = 0; i < READY_SOURCE_TEXT / 2; i++) {
		const uint8_t byte = *byte_of(&copy, i);

		ret[2 * i] = digits[byte >> 4];
		ret[2 * i + 1] = digits[byte & 15];
	}
	ret[READY_SOURCE_TEXT - 1] = '\0';
}

static bool nibble(char c, uint8_t *ret)
{
	if (c >= '0' && c <= '9')
		*ret = (uint8_t)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*ret = (uint8_t)(c - 'a' + 10);
	else
		return false;
	return true;
}

bool ready_source_parse(const char *text, uint64_t size, struct ready_source *ret)
{
	struct ready_source source = { .size = size };

	if (strlen(text) != READY_SOURCE_TEXT - 1)
		return false;
	for (size_t i = 0; i < READY_SOURCE_TEXT / 2; i++) {
		uint8_t high, low;

		if (!nibble(text[2 * i], &high) || !nibble(text[2 * i + 1], &low))
			return false;
		*byte_of(&source, i) = (uint8_t)(high << 4 | low);
	}
	*ret = source;
	return true;
}

void ready_form_header(
	const struct ready_form *form, struct digest *so_far, uint8_t ret[static READY_HEADER])
{
	struct block b = { ret, READY_HEADER, false };
	uint8_t digest[DIGEST_SIZE];

	memset(ret, 0, READY_HEADER);
	block_put_bytes(&b, 0, view_of_string(magic));
	block_put_le32(&b, KIND_AT, (uint32_t)form->kind);
	block_put_bytes(&b, SHA256_AT, (struct view){ form->source.sha256, DIGEST_SIZE });
	block_put_bytes(
		&b, CRC32C_AT, (struct view){ form->source.crc32c, sizeof form->source.crc32c });
	block_put_le64(&b, SIZE_AT, form->source.size);
	block_put_le64(&b, UNPACKED_AT, form->unpacked);
	block_put_le64(&b, PAYLOAD_AT, form->payload.n);
	digest_add(so_far, (struct view){ ret, DIGEST_AT });
	digest_end(so_far, digest);
	block_put_bytes(&b, DIGEST_AT, (struct view){ digest, READY_HEADER - DIGEST_AT });
}

static bool kind_of(uint32_t number, enum ready_kind *ret)
{
	if (number != READY_KERNEL && number != READY_INITRD)
		return false;
	*ret = (enum ready_kind)number;
	return true;
}

static struct ready_source read_source(struct view file)
{
	struct reader r = reader_at(file, SHA256_AT);
	struct ready_source source;

	memcpy(source.sha256, reader_bytes(&r, DIGEST_SIZE).p, DIGEST_SIZE);
	memcpy(source.crc32c, reader_bytes(&r, sizeof source.crc32c).p, sizeof source.crc32c);
	r = reader_at(file, SIZE_AT);
	source.size = reader_le64(&r);
	return source;
}

bool ready_form_parse(struct view file, struct ready_form *ret, struct error *err)
{
	struct reader kind = reader_at(file, KIND_AT), unpacked = reader_at(file, UNPACKED_AT);
	struct ready_form form = { .unpacked = reader_le64(&unpacked),
		.payload = view_from(file, READY_HEADER) };
	uint8_t header[READY_HEADER];
	struct digest digest;

	if (file.n <= READY_HEADER || !view_has_at(file, 0, magic) ||
		!kind_of(reader_le32(&kind), &form.kind))
		return fail(err, FAULT_FILE_CHANGED, "it is no file of this version");
	form.source = read_source(file);
	digest_begin(&digest, DIGEST_CRC32C);
	digest_add(&digest, form.payload);
	ready_form_header(&form, &digest, header);
	if (memcmp(header, file.p, sizeof header) != 0)
		return fail(err, FAULT_FILE_CHANGED, "it is damaged");
	*ret = form;
	return true;
}

bool ready_form_is_of(const struct ready_form *form, const struct ready_source *source)
{
	return form->source.size == source->size &&
		memcmp(form->source.sha256, source->sha256, sizeof source->sha256) == 0 &&
		memcmp(form->source.crc32c, source->crc32c, sizeof source->crc32c) == 0;
}
