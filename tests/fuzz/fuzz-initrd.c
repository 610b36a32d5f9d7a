/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Initrds: the archives that are found lie in the file, in order, with only zeros between them. */
#include "fuzz.h"

#include "initrd/initrd.h"

static void expect_zeros(struct view file, uint64_t from, uint64_t to)
{
	expect(from <= to && to <= file.n);
	for (; from < to; from++)
		expect(file.p[from] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct initrd initrd = initrd_parse(file);
	uint64_t end = 0;

	expect(initrd.count <= INITRD_ARCHIVES_MAX);
	for (size_t i = 0; i < initrd.count; i++) {
		const struct initrd_archive *archive = &initrd.archives[i];

		expect_zeros(file, end, archive->offset);
		expect(archive->size > 0 && archive->size <= size - archive->offset);
		expect((archive->codec != NULL) == (archive->kind == INITRD_COMPRESSED));
		expect(!archive->microcode || archive->kind == INITRD_CPIO);
		expect(archive->kind != INITRD_CPIO || archive->offset % INITRD_ALIGN == 0);
		expect(archive->kind != INITRD_CPIO || initrd.is_initramfs);
		/* What is unknown reaches to the end, since nothing tells where else. */
		expect(archive->kind != INITRD_UNKNOWN || archive->offset + archive->size == size);
		end = archive->offset + archive->size;
	}
	expect_zeros(file, end, size);
	return 0;
}
