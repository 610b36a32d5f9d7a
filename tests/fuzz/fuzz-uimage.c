/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uImages, of kernels and of initrds. The checksums are made right first, or nothing would get past them; of what is taken then, one that has a
 * single bit flipped is refused.
 */
#include "fuzz.h"

#include <string.h>

#include "base/crc32.h"
#include "image/uimage.h"

enum { HEADER = 64, HEADER_SUM = 4, SIZE = 12, PAYLOAD_SUM = 24 };

static void put(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void make_right(uint8_t *p, size_t n)
{
	struct reader r = reader_at((struct view){ p, n }, SIZE);
	struct view payload;

	memcpy(p, "\x27\x05\x19\x56", 4);
	if (view_sub((struct view){ p, n }, HEADER, reader_be32(&r), &payload))
		put(p + PAYLOAD_SUM, crc32_of(payload));
	put(p + HEADER_SUM, 0);
	put(p + HEADER_SUM, crc32_of((struct view){ p, HEADER }));
}

static void check(const struct uimage *uimage, struct view file)
{
	struct reader r = reader_at(file, SIZE);

	expect(uimage->payload.bytes.n == reader_be32(&r));
	expect(uimage->payload.bytes.p == file.p + HEADER || uimage->payload.bytes.n == 0);
	expect_inside(uimage->payload.bytes, file);
	expect_inside(uimage->name, file);
	expect(uimage->name.n <= HEADER / 2);
	expect(uimage->cpu && uimage_is_for(uimage, uimage->arch[0]));
	expect(!uimage_is_for(uimage, ARCH_UNKNOWN));
	expect(!uimage->payload.codec || uimage->payload.compression);
}

typedef bool parser(struct view bytes, struct uimage *ret, struct error *err);

/* Somewhere, as the bytes have it. */
static void check_flipped(parser *parse, uint8_t *p, struct view file, size_t covered)
{
	size_t at = crc32_of(file) % covered;
	struct error err = { 0 };
	struct uimage uimage;

	p[at] ^= 1 << at % 8;
	expect(!parse(file, &uimage, &err));
	expect_bad_file(&err);
	p[at] ^= 1 << at % 8;
}

static bool check_as(parser *parse, uint8_t *p, struct view file)
{
	struct error err = { 0 };
	struct uimage uimage;

	if (!parse(file, &uimage, &err)) {
		expect_bad_file(&err);
		return false;
	}
	check(&uimage, file);
	check_flipped(parse, p, file, HEADER + uimage.payload.bytes.n);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	struct view file = { copy, size };
	bool is_kernel, is_initrd;

	expect(copy != NULL);
	memcpy(copy, data, size);
	if (size >= HEADER)
		make_right(copy, size);
	is_kernel = check_as(uimage_parse, copy, file);
	is_initrd = check_as(uimage_parse_initrd, copy, file);
	expect(!is_kernel || !is_initrd);
	expect(!is_initrd || uimage_is_of_initrd(file));
	free(copy);
	return 0;
}
