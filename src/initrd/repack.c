/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "initrd/repack.h"

#include <string.h>

#include "codec/pack-sink.h"

struct repack {
	const struct repack_request *wanted;
	struct sink *to;
	struct initrd_part *parts;
	size_t part_count;
	uint64_t unpacked; /* so far */
};

static bool not_understood(const struct repack *r, uint64_t at, struct error *err)
{
	return fail(err, FAULT_IMAGE_UNKNOWN,
		"what is at byte %llu of %zu is no archive that is understood here",
		(unsigned long long)at, r->wanted->file.n);
}

static bool put_zeros(struct sink *to, size_t n, struct error *err)
{
	static const uint8_t zeros[2 * INITRD_ALIGN];

	return sink_put(to, (struct view){ zeros, n }, err);
}

static bool put_padding(struct sink *to, struct error *err)
{
	return put_zeros(to, -to->taken % INITRD_ALIGN, err);
}

static bool put_nowhere(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink, (void)piece, (void)err;
	return true;
}

/*
 * Unlz4 of Linux takes whatever follows a frame for the size of another block, unless that is
 * zero: so a word of zeros stands behind every frame, also the last, which others may follow.
 */
static bool put_separator(struct repack *r, struct error *err)
{
	if (r->wanted->form == INITRD_LZ4 && !put_zeros(r->to, INITRD_ALIGN, err))
		return false;
	return put_padding(r->to, err);
}

static bool unpack_raw(struct repack *r, const struct codec *codec, struct view rest,
	uint64_t *ret_used, uint64_t *ret_made, struct error *err)
{
	uint64_t before = r->to->taken, outer = r->to->limit;
	uint64_t room = r->wanted->unpacked_max - r->unpacked;
	bool done;

	if (room < outer - before)
		r->to->limit = before + room;
	r->to->watch = r->wanted->watch;
	done = codec_unpack(codec, rest, r->to, ret_used, err);
	r->to->watch = NULL;
	r->to->limit = outer;
	*ret_made = r->to->taken - before;
	return done;
}

static bool unpack_packing(struct repack *r, const struct codec *codec, struct view rest,
	uint64_t *ret_used, uint64_t *ret_made, struct error *err)
{
	enum pack_format format = r->wanted->form == INITRD_LZ4 ? PACK_LZ4_LEGACY : PACK_ZSTD;
	struct pack_sink pack;
	bool done;

	if (!pack_sink_begin(format, r->to, r->wanted->unpacked_max - r->unpacked, &pack, err))
		return false;
	pack.sink.watch = r->wanted->watch;
	done = codec_unpack(codec, rest, &pack.sink, ret_used, err) && pack_sink_end(&pack, err);
	*ret_made = pack.sink.taken;
	pack_sink_free(&pack);
	return done;
}

/* It is packed in this form already: only its end must be found. */
static bool copy_packed(struct repack *r, const struct codec *codec, struct view rest,
	uint64_t *ret_used, uint64_t *ret_made, struct error *err)
{
	struct sink nowhere = { put_nowhere, r->wanted->unpacked_max - r->unpacked, 0,
		r->wanted->watch };

	if (!codec_unpack(codec, rest, &nowhere, ret_used, err))
		return false;
	*ret_made = nowhere.taken;
	return sink_put(r->to, view_first(rest, *ret_used), err);
}

static bool is_packed_so(const struct codec *codec, enum initrd_form form)
{
	return strcmp(codec->name, form == INITRD_LZ4 ? "lz4-legacy" : "zstd") == 0;
}

static bool put_compressed(
	struct repack *r, const struct codec *codec, uint64_t *at, struct error *err)
{
	struct view rest = view_from(r->wanted->file, *at);
	enum initrd_form form = r->wanted->form;
	uint64_t used, made;
	bool done;

	if (r->part_count == INITRD_ARCHIVES_MAX || strcmp(codec->name, "lz4") == 0)
		return not_understood(r, *at, err);
	done = form == INITRD_RAW           ? unpack_raw(r, codec, rest, &used, &made, err)
		: is_packed_so(codec, form) ? copy_packed(r, codec, rest, &used, &made, err)
					    : unpack_packing(r, codec, rest, &used, &made, err);
	if (!done)
		return false;
	r->parts[r->part_count++] = (struct initrd_part){ codec->name, used, made };
	r->unpacked += made;
	*at += used;
	return put_separator(r, err);
}

/* Linux takes cpio at multiples of four only; the first archive that is found there is it. */
static bool put_plain(struct repack *r, uint64_t *at, struct error *err)
{
	struct initrd rest = initrd_parse(view_from(r->wanted->file, *at));
	struct view archive;

	if (*at % INITRD_ALIGN != 0 || !rest.count || rest.archives[0].kind != INITRD_CPIO)
		return not_understood(r, *at, err);
	archive = view_first(rest.bytes, rest.archives[0].size);
	*at += archive.n;
	return sink_put(r->to, archive, err) && put_padding(r->to, err);
}

bool initrd_repack(const struct repack_request *wanted, struct sink *to,
	struct initrd_part parts[INITRD_ARCHIVES_MAX], size_t *part_count, struct error *err)
{
	struct repack r = { .wanted = wanted, .to = to, .parts = parts };
	uint64_t at = 0;
	bool done = true;

	while (done) {
		const struct codec *codec;

		while (at < wanted->file.n && wanted->file.p[at] == 0)
			at++;
		if (at == wanted->file.n)
			break;
		codec = codec_find(view_from(wanted->file, at));
		done = codec ? put_compressed(&r, codec, &at, err) : put_plain(&r, &at, err);
	}
	*part_count = r.part_count;
	return done;
}

static size_t count_early(const struct initrd *initrd)
{
	size_t count = 0;

	for (size_t i = 0; i < initrd->count; i++)
		count += initrd->archives[i].early;
	return count;
}

bool initrd_raw_is_faithful(const struct initrd *original, const struct initrd *raw)
{
	for (size_t i = 0; i < raw->count; i++)
		if (raw->archives[i].kind != INITRD_CPIO)
			return false;
	return count_early(original) == count_early(raw);
}
