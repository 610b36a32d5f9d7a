/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A header of 12 bytes, then notes without a name; words are 32 bits, little-endian. */
#include "boot/elf-notes.h"

#include <string.h>

enum {
	HEADER_SIZE = 12, /* magic, size, 16 bits of checksum, 16 of count */
	CHECKSUM = 8,
	COUNT = 10,
	NOTE_SIZE = 12, /* sizes of name and content, type */
};

enum note_type {
	NOTE_LOADER_NAME = 2,
	NOTE_LOADER_VERSION = 3,
	NOTE_COMMAND_LINE = 4,
};

struct note {
	enum note_type type;
	const char *text;
};

static size_t content_size(const struct note *note)
{
	return strlen(note->text) + 1;
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* Makes the ones' complement sum over the 16-bit words of the block all ones (RFC 1071). */
static uint16_t checksum(struct view bytes)
{
	struct reader r = reader_at(bytes, 0);
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes.n / 2; i++)
		sum += reader_le16(&r);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

bool elf_notes_make(
	const char *command_line, struct arena *arena, struct view *ret, struct error *err)
{
	const struct note notes[] = {
		{ NOTE_LOADER_NAME, "Saut" },
		{ NOTE_LOADER_VERSION, SAUT_VERSION },
		{ NOTE_COMMAND_LINE, command_line },
	};
	const size_t count = sizeof notes / sizeof notes[0];
	struct block b = { .n = HEADER_SIZE };
	uint64_t at = HEADER_SIZE;

	for (size_t i = 0; i < count; i++)
		b.n += NOTE_SIZE + padded(content_size(&notes[i]));
	b.p = arena_alloc(arena, b.n);
	if (!b.p)
		return fail_no_memory(err);
	block_put_le32(&b, 0, ELF_NOTES_MAGIC);
	block_put_le32(&b, 4, (uint32_t)b.n);
	block_put_le16(&b, COUNT, (uint16_t)count);
	for (size_t i = 0; i < count; i++) {
		size_t size = content_size(&notes[i]);

		block_put_le32(&b, at + 4, (uint32_t)size);
		block_put_le32(&b, at + 8, notes[i].type);
		block_put_bytes(
			&b, at + NOTE_SIZE, (struct view){ (const uint8_t *)notes[i].text, size });
		at += NOTE_SIZE + padded(size);
	}
	block_put_le16(&b, CHECKSUM, checksum((struct view){ b.p, b.n }));
	*ret = (struct view){ b.p, b.n };
	return true;
}
