/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a file is, by its first bytes, or the first that come out of it where it is compressed. */
#include "inspect/inspect.h"

#include "image/fit.h"
#include "initrd/ram-disk.h"
#include "initrd/verify.h"

/* FDT_MAGIC, Devicetree Specification 0.4, section 5.2. */
static const char tree_magic[] = "\xd0\x0d\xfe\xed";

/* Of a compressed file: the first bytes that come out of it. */
static struct view unpack_head(
	const struct codec *codec, struct view file, uint8_t first[static INITRD_RAM_DISK_HEAD])
{
	struct head_sink head = head_sink_make(first, INITRD_RAM_DISK_HEAD);
	struct error ignored = { 0 };
	uint64_t used;

	/* It ends with these bytes, or before: what has come is what counts. */
	(void)!codec_unpack(codec, file, &head.sink, &used, &ignored);
	return (struct view){ first, head.count };
}

const char *inspect_ram_disk(struct view file)
{
	const struct codec *codec = codec_find(file);
	uint8_t first[INITRD_RAM_DISK_HEAD];

	return initrd_ram_disk(codec ? unpack_head(codec, file, first) : file);
}

static bool unpacks_to_initrd(const struct codec *codec, struct view file)
{
	uint8_t first[INITRD_RAM_DISK_HEAD];
	struct view head = unpack_head(codec, file, first);

	return view_has_at(head, 0, "07070") || initrd_ram_disk(head);
}

static bool is_initrd(struct view file)
{
	const struct initrd_verify_request wanted = { file, DEPTH_HEADERS, true };
	struct initrd_verdict verdict = { 0 };
	struct error ignored = { 0 };

	if (view_has_at(file, 0, "07070") || initrd_ram_disk(file))
		return true;
	return initrd_verify(&wanted, &verdict, &ignored) && verdict.has_archives;
}

enum inspect_kind inspect_kind_of(struct view file)
{
	const struct codec *codec = image_wrapper(file);
	struct arena arena = { 0 };
	struct error why = { 0 };
	struct image image;
	bool is_unknown;

	if (view_has_at(file, 0, tree_magic) && !fit_probe(file))
		return INSPECT_TREE;
	if (uimage_is_of_initrd(file))
		return INSPECT_INITRD;
	if (codec)
		return unpacks_to_initrd(codec, file) ? INSPECT_INITRD : INSPECT_KERNEL;
	is_unknown = !image_parse(file, &arena, &image, &why) && why.fault == FAULT_IMAGE_UNKNOWN;
	arena_free(&arena);
	return is_unknown && is_initrd(file) ? INSPECT_INITRD : INSPECT_KERNEL;
}
