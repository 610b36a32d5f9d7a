/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of a boot, whatever they are: what is told of them is theirs. */
#include "fuzz.h"

#include "inspect/inspect.h"

static void look_at_initrd(struct view file, struct arena *arena)
{
	struct inspect_initrd initrd;
	struct error err = { 0 };
	uint64_t at = 0;

	expect(inspect_initrd(file, NULL, arena, &initrd, &err));
	expect(initrd.packed == file.n);
	for (size_t i = 0; i < initrd.archive_count; i++) {
		const struct inspect_archive *a = &initrd.archives[i];

		expect(a->at >= at && a->packed <= file.n && a->at <= file.n - a->packed);
		at = a->at + a->packed;
	}
}

static void look_at_kernel(struct view file, struct arena *arena)
{
	struct inspect_unified unified;
	struct error err = { 0 };
	struct image image;

	if (!image_parse(file, arena, &image, &err)) {
		expect_bad_file(&err);
		return;
	}
	(void)inspect_boot_of(&image);
	if (image.format == IMAGE_UKI) {
		expect(inspect_unified(&image, arena, &unified, &err));
		expect(unified.count >= 1);
	}
	(void)inspect_kaslr(file);
}

static void look_at_uimage(struct view file, struct arena *arena)
{
	struct inspect_uimage told;
	struct error err = { 0 };
	struct uimage uimage;

	if (!uimage_probe(file) || !uimage_parse_initrd(file, &uimage, &err))
		return;
	expect(inspect_kind_of(file) == INSPECT_INITRD);
	expect(inspect_uimage(&uimage, arena, &told, &err));
	expect(told.payload < file.n);
	look_at_initrd(uimage.payload.bytes, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct arena arena = { 0 };
	struct inspect_tree tree;
	struct error err = { 0 };

	(void)inspect_kind_of(file);
	look_at_initrd(file, &arena);
	look_at_uimage(file, &arena);
	look_at_kernel(file, &arena);
	if (inspect_tree(file, &arena, &tree, &err))
		expect(tree.size <= size && tree.nodes >= 1);
	else
		expect(err.reason[0] != '\0');
	arena_free(&arena);
	return 0;
}
