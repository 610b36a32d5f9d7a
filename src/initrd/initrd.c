/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds the archives of an initrd as Linux finds them: zeros are skipped one by one, cpio starts
 * at a multiple of four, everything else is asked for its compression. Of what members mean it knows
 * the paths of CPU microcode and of ACPI tables.
 */
#include "initrd/initrd.h"

#include <string.h>

#include "base/arith.h"
#include "initrd/member.h"

enum {
	HEADER_SIZE = 110,
	SEARCH_BLOCK = 64, /* bytes */
};

/*
 * Bytes of headers and of zeros between them that the search behind compressed data looks at.
 * Honest files hold a few headers by chance; a hostile one, whose many headers all lead to the
 * same long way, could make the search quadratic.
 */
#define SEARCH_LOOKED_MAX MiB(64)

static bool member_read(struct view file, uint64_t at, struct initrd_member *ret)
{
	return initrd_member_read(file, at, ret) == MEMBER_WHOLE;
}

static uint64_t skip_zeros(struct view file, uint64_t at)
{
	while (at < file.n && file.p[at] == 0)
		at++;
	return at;
}

struct walk {
	uint64_t end;    /* behind the last whole member */
	uint64_t looked; /* bytes of headers and of zeros that it has read */
	bool found;
	bool has_trailer; /* it ends as an archive should */
	bool microcode, early;
};

/* Linux takes members with zeros between them, and an archive without a trailer. */
static struct walk cpio_walk(struct view file, uint64_t at)
{
	const struct view trailer = view_of_string("TRAILER!!!");
	const struct view microcode = view_of_string("kernel/x86/microcode/");
	const struct view tables = view_of_string("kernel/firmware/acpi/");
	struct walk walk = { .end = at };
	struct initrd_member member;

	while (!walk.has_trailer) {
		uint64_t next = skip_zeros(file, walk.end);

		walk.looked += next - walk.end + HEADER_SIZE;
		if (!member_read(file, next, &member))
			break;
		walk.end = member.end;
		walk.found = true;
		walk.has_trailer = view_equal(member.name, trailer);
		walk.microcode |= view_starts_with(member.name, microcode);
		walk.early |= walk.microcode || view_starts_with(member.name, tables);
	}
	return walk;
}

/*
 * Whether a cpio archive that was come upon in compressed data is one of the file's own: blocks
 * that did not compress hold pieces of cpio as they were, but no piece goes on to a trailer with
 * nothing behind it, or nothing but another archive.
 */
static bool archive_stands_alone(struct view file, uint64_t at, uint64_t *looked)
{
	struct walk walk = cpio_walk(file, at);
	uint64_t next = walk.has_trailer ? skip_zeros(file, walk.end) : walk.end;
	struct view rest = view_from(file, next);
	struct initrd_member member;

	*looked += walk.looked + next - walk.end;
	return walk.has_trailer &&
		(rest.n == 0 || codec_find(rest) || member_read(file, next, &member));
}

/* How a cpio header begins, as one word of the file. */
static uint32_t header_word(void)
{
	uint32_t word;

	memcpy(&word, "0707", sizeof word);
	return word;
}

/* What the compiler compares at once, in one instruction where the CPU has such; wherever it lies. */
typedef uint32_t words __attribute__((vector_size(16), aligned(1), may_alias));

/* Whether one of the words of a block is that. */
static bool block_has(const uint8_t *p, uint32_t wanted)
{
	const words *w = (const words *)p;
	const words same =
		(words)((w[0] == wanted) | (w[1] == wanted) | (w[2] == wanted) | (w[3] == wanted));

	_Static_assert(SEARCH_BLOCK == 4 * sizeof *w, "all of a block is looked at");
	return same[0] | same[1] | same[2] | same[3];
}

/*
 * The first multiple of four at or behind a place where a cpio header may begin; the file's end where there is
 * none. All of a large file is looked through like this, so that it has to be fast.
 */
static uint64_t find_header(struct view file, uint64_t at)
{
	const uint32_t wanted = header_word();
	uint32_t word;

	at += -at % INITRD_ALIGN;
	for (; at < file.n; at += sizeof word) {
		while (file.n - at >= SEARCH_BLOCK && !block_has(file.p + at, wanted))
			at += SEARCH_BLOCK;
		if (file.n - at < sizeof word)
			break;
		memcpy(&word, file.p + at, sizeof word);
		if (word == wanted && view_has_at(file, at, "07070"))
			return at;
	}
	return file.n;
}

/* Where compressed data that starts at this place ends: at a cpio archive, or with the file. */
static uint64_t compressed_end(struct view file, uint64_t at)
{
	uint64_t looked = 0;

	while (looked < SEARCH_LOOKED_MAX) {
		at = find_header(file, at + 1);
		if (at == file.n || archive_stands_alone(file, at, &looked))
			return at;
	}
	return file.n;
}

static struct initrd_archive archive_read(struct view file, uint64_t at)
{
	struct walk walk = cpio_walk(file, at);
	const struct codec *codec = codec_find(view_from(file, at));

	if (walk.found)
		return (struct initrd_archive){
			.kind = INITRD_CPIO,
			.offset = at,
			.size = walk.end - at,
			.microcode = walk.microcode,
			.early = walk.early,
		};
	if (codec)
		return (struct initrd_archive){
			.kind = INITRD_COMPRESSED,
			.offset = at,
			.size = compressed_end(file, at) - at,
			.codec = codec,
		};
	return (struct initrd_archive){ .kind = INITRD_UNKNOWN, .offset = at, .size = file.n - at };
}

/*
 * Linux unpacks lzo, for which there is no codec here, and of the two formats of lz4 only the
 * legacy one (lib/decompress.c).
 */
static bool linux_reads(struct view file, const struct initrd_archive *archive)
{
	switch (archive->kind) {
	case INITRD_CPIO:
		return true;
	case INITRD_COMPRESSED:
		return strcmp(archive->codec->name, "lz4") != 0;
	case INITRD_UNKNOWN:
		break;
	}
	return view_has_at(file, archive->offset, "\x89LZO");
}

struct initrd initrd_parse(struct view bytes)
{
	struct initrd initrd = { .bytes = bytes };
	uint64_t at = skip_zeros(bytes, 0);

	while (at < bytes.n) {
		struct initrd_archive archive = archive_read(bytes, at);

		if (initrd.count == INITRD_ARCHIVES_MAX) {
			/* The last row stands for itself and all that has no row. */
			struct initrd_archive *last = &initrd.archives[INITRD_ARCHIVES_MAX - 1];

			*last = (struct initrd_archive){ .kind = INITRD_UNKNOWN,
				.offset = last->offset,
				.size = bytes.n - last->offset };
			break;
		}
		initrd.archives[initrd.count++] = archive;
		initrd.is_initramfs |= linux_reads(bytes, &archive);
		at = skip_zeros(bytes, archive.offset + archive.size);
	}
	return initrd;
}
