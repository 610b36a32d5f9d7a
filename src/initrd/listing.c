/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "initrd/listing.h"

#include <string.h>

#include "base/arith.h"
#include "base/whole.h"
#include "codec/codec.h"
#include "initrd/initrd.h"
#include "initrd/member.h"

/* As init/initramfs.c has it; a longer name it passes over. */
enum { HEADER_SIZE = 110, NAME_MAX_SIZE = 4096, TAKEN_MAX = HEADER_SIZE + NAME_MAX_SIZE };

/* A cpio archive that comes in pieces: a header with its name is collected, what it covers is passed over. */
struct stream {
	struct sink sink;
	const struct initrd_listing *to;
	uint64_t at;   /* in what was unpacked */
	uint64_t skip; /* bytes that belong to the member whose name is known */
	uint8_t taken[TAKEN_MAX];
	size_t count; /* of taken */
	size_t members;
};

static bool is_trailer(struct view name)
{
	return view_equal(name, view_of_string("TRAILER!!!"));
}

static bool is_full(const struct stream *s, struct initrd_member *ret, bool *ret_bad)
{
	struct view taken = { s->taken, s->count };
	enum initrd_member_kind kind = initrd_member_read(taken, 0, ret);

	*ret_bad = kind == MEMBER_NONE || kind == MEMBER_OLD;
	if (kind == MEMBER_WHOLE)
		return true;
	/* The header and the name are there where data is all that is missing. */
	return kind == MEMBER_CUT && (s->count >= ret->data || s->count == TAKEN_MAX);
}

static bool begin_member(struct stream *s, bool *ret_done, struct error *err)
{
	struct initrd_member member;
	bool bad;

	*ret_done = is_full(s, &member, &bad);
	if (bad)
		return fail(err, FAULT_INITRD_DAMAGED,
			"its unpacked content is no cpio archive at byte %llu",
			(unsigned long long)(s->at - s->count));
	if (!*ret_done)
		return true;
	s->to->member(s->to->context, member.name);
	s->members += !is_trailer(member.name);
	/* The end is a multiple of four, as the beginning is. */
	s->skip = (member.data + member.size + INITRD_ALIGN - 1) / INITRD_ALIGN * INITRD_ALIGN -
		s->count;
	s->count = 0;
	return true;
}

static bool put_piece(struct sink *sink, struct view piece, struct error *err)
{
	struct stream *s = WHOLE_OF(sink, struct stream, sink);

	while (piece.n) {
		size_t n = (size_t)min_u64(s->skip, piece.n);
		bool done;

		s->skip -= n;
		s->at += n;
		piece = view_from(piece, n);
		if (!piece.n)
			break;
		s->at++;
		if (s->count || piece.p[0] != 0)
			s->taken[s->count++] = piece.p[0];
		piece = view_from(piece, 1);
		if (s->count >= HEADER_SIZE && !begin_member(s, &done, err))
			return false;
	}
	return true;
}

static void tell(const struct initrd_listing *to, const struct initrd_listed *archive)
{
	if (to->archive)
		to->archive(to->context, archive);
}

static bool list_packed(
	struct view file, uint64_t *at, const struct initrd_listing *to, struct error *err)
{
	struct view rest = view_from(file, *at);
	const struct codec *codec = codec_find(rest);
	struct stream s = { .sink = { put_piece, to->unpacked_max, 0, to->watch }, .to = to };
	uint64_t used;

	if (!codec)
		return fail(err, FAULT_INITRD_PACKING,
			"what begins at byte %llu cannot be unpacked here",
			(unsigned long long)*at);
	if (!codec_unpack(codec, rest, &s.sink, &used, err))
		return false;
	if (s.count || s.skip >= INITRD_ALIGN)
		return fail(err, FAULT_INITRD_DAMAGED,
			"its unpacked content ends in the middle of a member");
	tell(to, &(struct initrd_listed){ codec, *at, used, s.at, s.members });
	*at += used;
	return true;
}

/* Up to a trailer, or as far as members go. */
static void list_plain(struct view file, uint64_t *at, const struct initrd_listing *to)
{
	struct initrd_listed archive = { .at = *at };
	struct initrd_member member;
	bool is_over = false;
	uint64_t next = *at;

	while (!is_over && initrd_member_read(file, next, &member) == MEMBER_WHOLE) {
		to->member(to->context, member.name);
		is_over = is_trailer(member.name);
		archive.members += !is_over;
		*at = next = member.end;
		while (next < file.n && file.p[next] == 0)
			next++;
	}
	archive.packed = archive.unpacked = *at - archive.at;
	tell(to, &archive);
}

bool initrd_list(struct view file, const struct initrd_listing *to, struct error *err)
{
	uint64_t at = 0;

	for (;;) {
		struct initrd_member member;

		while (at < file.n && file.p[at] == 0)
			at++;
		if (at == file.n)
			return true;
		if (initrd_member_read(file, at, &member) == MEMBER_WHOLE)
			list_plain(file, &at, to);
		else if (!list_packed(file, &at, to, err))
			return false;
	}
}
