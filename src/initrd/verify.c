/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules are those of unpack_to_rootfs in init/initramfs.c (Linux 2.6 to 7.0):
 *
 * - zeros are passed over one by one, before, between and behind archives;
 * - '0' at a multiple of four begins a member of plain cpio, of which each is taken by itself: an
 *   archive needs no trailer;
 * - behind a member and zeros, nothing begins but at a multiple of four ("broken padding");
 * - anything else is asked for its compression by two bytes, at any byte; what has none ends it all
 *   ("junk", later "invalid magic at start of compressed archive");
 * - plain cpio that is cut is taken as far as it goes, without a word.
 */
#include "initrd/verify.h"

#include <inttypes.h>
#include <string.h>

#include "base/arith.h"
#include "codec/walk.h"
#include "initrd/boot-config.h"
#include "initrd/initrd.h"
#include "initrd/member.h"
#include "initrd/ram-disk.h"

/* Unpacking for its own sake ends here: what is larger is not known to be whole. */
#define UNPACKED_MAX GiB(8)

struct packing_row {
	const char *name, *option;
	uint8_t magic[2];
	codec_walk *walk;  /* NULL: its headers do not tell where it ends */
	const char *codec; /* then this one unpacks it */
};

/* lib/decompress.c. Of gzip there is an old magic number, for which it has the same decoder. */
static const struct packing_row packings[PACKINGS] = {
	[PACKING_GZIP] = { "gzip", "CONFIG_RD_GZIP", { 0x1f, 0x8b }, NULL, "gzip" },
	[PACKING_BZIP2] = { "bzip2", "CONFIG_RD_BZIP2", { 'B', 'Z' }, NULL, "bzip2" },
	[PACKING_LZMA] = { "lzma", "CONFIG_RD_LZMA", { 0x5d, 0x00 }, NULL, "lzma" },
	[PACKING_XZ] = { "xz", "CONFIG_RD_XZ", { 0xfd, '7' }, walk_xz, NULL },
	[PACKING_LZO] = { "lzo", "CONFIG_RD_LZO", { 0x89, 'L' }, walk_lzo, NULL },
	[PACKING_LZ4] = { "lz4", "CONFIG_RD_LZ4", { 0x02, 0x21 }, walk_lz4_legacy, NULL },
	[PACKING_ZSTD] = { "zstd", "CONFIG_RD_ZSTD", { 0x28, 0xb5 }, walk_zstd, NULL },
};

struct walk {
	struct view file; /* without a boot configuration */
	enum initrd_depth depth;
	uint64_t at;
	const struct sink_watch *watch;
	struct sink *scratch;
	bool after_member; /* what was passed last is a member of plain cpio */
	bool after_trailer;
	struct initrd_verdict verdict;
};

const char *initrd_packing_name(enum initrd_packing packing)
{
	return packings[packing].name;
}

const char *initrd_packing_option(enum initrd_packing packing)
{
	return packings[packing].option;
}

static bool damaged(const struct walk *w, const char *what, struct error *err)
{
	return fail(
		err, FAULT_INITRD_DAMAGED, "at byte %" PRIu64 " of %zu %s", w->at, w->file.n, what);
}

/* Names of members come from anybody; a cut one is long enough to find it. */
static bool member_is_cut(
	const struct walk *w, const struct initrd_member *member, struct error *err)
{
	enum { SHOWN = 80 };

	return fail(err, FAULT_INITRD_DAMAGED,
		"it is cut: at byte %" PRIu64 " begins the member %.*s, which needs %" PRIu64
		" bytes; the file has %zu",
		w->at, (int)(member->name.n < SHOWN ? member->name.n : SHOWN), member->name.p,
		member->data + member->size, w->file.n);
}

static bool pass_member(struct walk *w, struct error *err)
{
	struct initrd_member member;

	switch (initrd_member_read(w->file, w->at, &member)) {
	case MEMBER_WHOLE:
		break;
	case MEMBER_CUT:
		return member_is_cut(w, &member, err);
	case MEMBER_HEADER_CUT:
		return damaged(w, "it is cut: there is only the beginning of a cpio header", err);
	case MEMBER_OLD:
		return damaged(
			w, "is cpio of the old kind; Linux takes newc (cpio -H newc) alone", err);
	case MEMBER_NONE:
		return damaged(w, "is no header of a cpio archive's member", err);
	}
	w->at = member.end;
	w->after_member = true;
	w->after_trailer = view_equal(member.name, view_of_string("TRAILER!!!"));
	return true;
}

static bool put_nowhere(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink, (void)piece, (void)err;
	return true;
}

/* *ret_end is 0 where it is not known after all. */
static bool unpack(const struct walk *w, const char *codec, uint64_t *ret_end, struct error *err)
{
	struct sink nowhere = { .put = put_nowhere }, *sink = w->scratch ? w->scratch : &nowhere;
	uint64_t used;

	sink->limit = UNPACKED_MAX;
	sink->taken = 0;
	sink->watch = w->watch;
	if (!codec_unpack(codec_by_name(codec), view_from(w->file, w->at), sink, &used, err)) {
		*ret_end = 0;
		if (err->fault == FAULT_COMPRESSION_BOMB || err->fault == FAULT_NO_MEMORY)
			return true;
		return w->at == 0
			? false
			: error_prefix(
				  err, "its archive at byte %llu: ", (unsigned long long)w->at);
	}
	*ret_end = w->at + used;
	return true;
}

static bool pass_packed(struct walk *w, enum initrd_packing packing, struct error *err)
{
	const struct packing_row *row = &packings[packing];
	uint64_t end = 0;
	bool done = row->walk           ? row->walk(w->file, w->at, &end, err)
		: w->depth == DEPTH_ALL ? unpack(w, row->codec, &end, err)
					: true;

	w->verdict.packed[packing] = true;
	if (!done) {
		if (err->fault != FAULT_INITRD_PACKING && err->fault != FAULT_CODEC_MISSING)
			err->fault = FAULT_INITRD_DAMAGED;
		return false;
	}
	w->verdict.needs_unpacking = end == 0;
	w->at = end ? end : w->file.n;
	w->after_member = false;
	w->after_trailer = false;
	return true;
}

static bool find_packing(struct view file, uint64_t at, enum initrd_packing *ret)
{
	struct view rest = view_from(file, at);

	for (unsigned i = 0; i < PACKINGS; i++) {
		if (!view_starts_with(rest, (struct view){ packings[i].magic, 2 }))
			continue;
		*ret = (enum initrd_packing)i;
		return true;
	}
	return false;
}

static bool pass_other(struct walk *w, struct error *err)
{
	enum initrd_packing packing;

	if (find_packing(w->file, w->at, &packing))
		return pass_packed(w, packing, err);
	if (view_has_at(w->file, w->at, "\x04\x22\x4d\x18"))
		return fail(err, FAULT_INITRD_PACKING,
			"at byte %" PRIu64
			" is a frame of lz4, of which Linux unpacks the legacy kind "
			"alone (lz4 -l)",
			w->at);
	if (view_has_at(w->file, w->at, "07070"))
		return damaged(w,
			"begins a cpio archive, which Linux does not find: it is no "
			"multiple of 4",
			err);
	if (w->at == w->file.n - 1)
		return damaged(w, "is a byte that belongs to no archive", err);
	return damaged(w, "begins what is no archive", err);
}

static bool pass_one(struct walk *w, struct error *err)
{
	bool is_aligned = w->at % INITRD_ALIGN == 0;

	if (w->file.p[w->at] == '0' && is_aligned)
		return pass_member(w, err);
	if (w->after_member && !is_aligned && !view_has_at(w->file, w->at, "07070"))
		return damaged(w,
			"something begins, which Linux does not take behind cpio: it is "
			"no multiple of 4",
			err);
	return pass_other(w, err);
}

static uint64_t skip_zeros(struct view file, uint64_t at)
{
	while (at < file.n && file.p[at] == 0)
		at++;
	return at;
}

/* Whether the first thing in it is one that Linux would look at as an archive. */
static bool begins_as_archive(struct view file, uint64_t at)
{
	enum initrd_packing ignored;

	if (view_has_at(file, at, "07070"))
		return true;
	return !initrd_ram_disk(file) &&
		(find_packing(file, at, &ignored) || view_has_at(file, at, "\x04\x22\x4d\x18"));
}

bool initrd_verify(
	const struct initrd_verify_request *wanted, struct initrd_verdict *ret, struct error *err)
{
	struct walk w = { .file = wanted->file,
		.depth = wanted->depth,
		.watch = wanted->watch,
		.scratch = wanted->scratch };

	if (wanted->is_last)
		w.file = initrd_without_boot_config(w.file);
	w.at = skip_zeros(w.file, 0);
	if (w.at == w.file.n && wanted->file.n && w.file.n)
		return fail(
			err, FAULT_INITRD_DAMAGED, "its %zu bytes are nothing but zeros", w.file.n);
	w.verdict.has_archives = begins_as_archive(w.file, w.at);
	while (w.verdict.has_archives && w.at < w.file.n) {
		if (!pass_one(&w, err))
			return false;
		w.at = skip_zeros(w.file, w.at);
	}
	w.verdict.lacks_trailer = w.after_member && !w.after_trailer;
	*ret = w.verdict;
	return true;
}
