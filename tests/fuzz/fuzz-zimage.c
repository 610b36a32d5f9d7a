/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zImages of 32-bit ARM, and what is appended to them. */
#include "fuzz.h"

#include "base/arith.h"
#include "image/zimage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct error err = { 0 };
	struct zimage zimage;

	if (!zimage_probe(file))
		return 0;
	if (!zimage_parse(file, &zimage, &err)) {
		expect_bad_file(&err);
		return 0;
	}
	expect_inside(zimage.loaded, file);
	expect_inside(zimage.appended_tree, file);
	expect(zimage.appended_tree.n == 0 || zimage.appended_tree.n == size - zimage.loaded.n);
	expect(zimage.memory_size <= GiB(3) && zimage.work_size <= GiB(2));
	expect((zimage.memory_size == 0) == (zimage.unpacked_size == 0));
	expect(zimage.memory_size == 0 || zimage.memory_size > zimage.unpacked_size);
	return 0;
}
