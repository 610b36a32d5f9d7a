/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Initrds cut short, with sizes that lie, with too many archives, and made to cost time. */
#include "codec/pack.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arith.h"
#include "initrd/cpio.h"
#include "initrd/initrd.h"

/* Parses a copy that ends where its memory ends, and checks what holds for every file. */
static struct initrd parse(struct view bytes)
{
	uint8_t *copy = malloc(bytes.n + (bytes.n == 0));
	struct initrd initrd;
	uint64_t end = 0;

	if (bytes.n)
		memcpy(copy, bytes.p, bytes.n);
	initrd = initrd_parse((struct view){ copy, bytes.n });
	assert_true(initrd.count <= INITRD_ARCHIVES_MAX);
	for (size_t i = 0; i < initrd.count; i++) {
		const struct initrd_archive *archive = &initrd.archives[i];

		/* In order, one behind another, with nothing but zeros between them. */
		assert_true(archive->offset >= end && archive->size > 0);
		for (; end < archive->offset; end++)
			assert_int_equal(copy[end], 0);
		assert_true(archive->size <= bytes.n - archive->offset);
		end = archive->offset + archive->size;
	}
	for (; end < bytes.n; end++)
		assert_int_equal(copy[end], 0);
	initrd.bytes = bytes;
	free(copy);
	return initrd;
}

/* Three members; each is whole once its data is, with or without the padding. */
static void truncation_at_every_byte(void **state)
{
	struct arena a = { 0 };
	const struct cpio_member members[] = {
		{ .name = "bin/sh", .data = view_of_string("12345") },
		{ .name = "a", .data = view_of_string("") },
		{ .name = "TRAILER!!!", .data = view_of_string("") },
	};
	/* Where the last byte that is no padding ends; the padding is zeros. */
	size_t whole[3], starts[4] = { 0 };
	struct view cpio = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		cpio = join(&a, cpio, cpio_pack(&a, &members[i]));
		starts[i + 1] = cpio.n;
		whole[i] = starts[i] + 110 + strlen(members[i].name) + 1;
		if (members[i].data.n)
			whole[i] = (whole[i] + 3) / 4 * 4 + members[i].data.n;
	}
	for (size_t n = 0; n <= cpio.n; n++) {
		struct initrd initrd = parse(view_first(cpio, n));
		size_t complete = 0, rest;

		while (complete < 3 && n >= whole[complete])
			complete++;
		rest = n > starts[complete] ? n - starts[complete] : 0;
		assert_int_equal(initrd.count, (complete > 0) + (rest > 0));
		assert_int_equal(initrd.is_initramfs, complete > 0);
		if (complete) {
			assert_int_equal(initrd.archives[0].kind, INITRD_CPIO);
			assert_int_equal(initrd.archives[0].size, n - rest);
		}
		if (rest) {
			assert_int_equal(initrd.archives[complete > 0].kind, INITRD_UNKNOWN);
			assert_int_equal(initrd.archives[complete > 0].size, rest);
		}
	}
	arena_free(&a);
}

/* The same with a compressed archive in the middle: no crash, and no byte outside the file. */
static void truncation_of_every_compression(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view cpio = cpio_archive(&a, "init", "x");
		struct view packed = packers[i].pack(&a, cpio);
		struct view gap = cpio_zeros(&a, 4 - packed.n % 4);
		struct view all = join(&a, join(&a, cpio, packed), join(&a, gap, cpio));

		assert_int_equal(parse(all).count, 3);
		for (size_t n = cpio.n; n < all.n; n++)
			assert_true(parse(view_first(all, n)).is_initramfs);
		arena_free(&a);
	}
}

static void sizes_that_lie(void **state)
{
	static const struct {
		const char *filesize, *namesize;
		bool whole;
	} rows[] = {
		{ "00000004", "00000005", true }, /* the honest ones */
		{ "ffffffff", NULL, false },
		{ "FFFFFFFF", NULL, false },
		{ "fffffffc", NULL, false },
		{ "80000000", NULL, false },
		{ "00000005", NULL, false }, /* one more than there is */
		{ NULL, "ffffffff", false },
		{ NULL, "fffffffe", false },
		{ NULL, "ffffff92", false }, /* wraps 32 bits behind the header */
		{ NULL, "0000000b", false }, /* one more than there is */
		{ "ffffffff", "ffffffff", false },
		{ "0000000g", NULL, false },
		{ "0x000004", NULL, false },
		{ "      +4", NULL, false },
		{ "-0000001", NULL, false },
		{ NULL, "0000000/", false },
		{ NULL, "0000000:", false },
		{ NULL, "0000000@", false },
		{ NULL, "0000000`", false },
		{ "00000000", "00000000", true }, /* an empty name: Linux skips such a member */
		{ "00000003", "00000005", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct cpio_member member = {
			.name = "init",
			.data = view_of_string("text"),
			.filesize = rows[i].filesize,
			.namesize = rows[i].namesize,
		};
		struct initrd initrd = parse(cpio_pack(&a, &member));

		if (initrd.is_initramfs != rows[i].whole)
			fail_msg("row %d", (int)i);
		assert_int_equal(
			initrd.archives[0].kind, rows[i].whole ? INITRD_CPIO : INITRD_UNKNOWN);
		arena_free(&a);
	}
}

static void more_archives_than_rows(void **state)
{
	struct arena a = { 0 };
	struct view one = cpio_archive(&a, "init", "x"), all = { 0 };

	(void)state;
	for (size_t n = 1; n <= INITRD_ARCHIVES_MAX + 4; n++) {
		struct initrd initrd;
		size_t told;

		all = join(&a, all, one);
		initrd = parse(all);
		told = n <= INITRD_ARCHIVES_MAX ? n : INITRD_ARCHIVES_MAX - 1;
		assert_int_equal(initrd.count, n <= INITRD_ARCHIVES_MAX ? n : told + 1);
		assert_true(initrd.is_initramfs);
		for (size_t i = 0; i < told; i++)
			assert_int_equal(initrd.archives[i].kind, INITRD_CPIO);
		if (told < n) {
			assert_int_equal(initrd.archives[told].kind, INITRD_UNKNOWN);
			assert_int_equal(initrd.archives[told].size, all.n - told * one.n);
		}
	}
	arena_free(&a);
}

/*
 * Every header behind the start of gzip leads to the last one: over all headers between, or at
 * once to the same megabytes of zeros. To follow each way to its end would take hours.
 */
static void searching_has_an_end(void **state)
{
	enum { HEADERS = 100000, ZEROS = 16 << 20, FRONT = 20 };
	static const bool jumps[] = { false, true };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct arena a = { 0 };
		struct view one = cpio_pack(&a, &(struct cpio_member){ .name = "a" });
		struct block b = { .n = FRONT + HEADERS * one.n + ZEROS };
		struct initrd initrd;

		b.p = arena_alloc(&a, b.n);
		block_put_bytes(&b, 0, (struct view){ (const uint8_t *)"\x1f\x8b\x08", 3 });
		b.p[9] = 1;
		for (size_t i = 0; i < HEADERS; i++) {
			size_t way = jumps[k] ? (HEADERS - 1 - i) * one.n : 0;
			char digits[9];

			block_put_bytes(&b, FRONT + i * one.n, one);
			snprintf(digits, sizeof digits, "%08zx", way);
			block_put_bytes(&b, FRONT + i * one.n + 54, view_of_string(digits));
		}
		assert_false(b.overrun);
		initrd = initrd_parse((struct view){ b.p, b.n });
		assert_int_equal(initrd.count, 1);
		assert_int_equal(initrd.archives[0].kind, INITRD_COMPRESSED);
		assert_int_equal(initrd.archives[0].size, b.n);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(truncation_at_every_byte),
		CASE(truncation_of_every_compression),
		CASE(sizes_that_lie),
		CASE(more_archives_than_rows),
		CASE(searching_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
