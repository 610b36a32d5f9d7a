/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rewritten initrds hold the same archives in the same order, byte for byte once unpacked. */
#include "codec/pack.h"

#include <stdlib.h>

#include "base/arith.h"
#include "initrd/cpio.h"
#include "initrd/repack.h"

/* Twice what any archive here unpacks to; more would be zeroed for each of thousands of rewrites. */
enum { ROOM = 2 << 20 };

static const enum initrd_form forms[] = { INITRD_RAW, INITRD_LZ4, INITRD_ZSTD };

enum { FORMS = sizeof forms / sizeof forms[0] };

/* Of the file; parts and their number are the caller's to look at. */
struct result {
	bool done;
	struct view bytes;
	struct initrd_part parts[INITRD_ARCHIVES_MAX];
	size_t part_count;
	struct error err;
};

static struct result repack(struct arena *a, struct view file, enum initrd_form form)
{
	struct repack_request wanted = { file, form, ROOM };
	struct buffer_sink sink = buffer_sink_make(arena_alloc(a, ROOM), ROOM);
	struct result r = { .done = false };

	r.done = initrd_repack(&wanted, &sink.sink, r.parts, &r.part_count, &r.err);
	r.bytes = (struct view){ sink.p, (size_t)sink.sink.taken };
	return r;
}

static bool packs_like_linux(const struct packer *packer)
{
	return strcmp(packer->codec, "lz4") != 0;
}

/*
 * What Linux makes of an initrd (unpack_to_rootfs in init/initramfs.c), as one run of bytes: zeros
 * between archives left out, compressed ones unpacked.
 */
static struct view contents(struct arena *a, struct view file)
{
	struct buffer_sink sink = buffer_sink_make(arena_alloc(a, ROOM), ROOM);
	struct error err = { 0 };
	uint64_t at = 0;

	while (at < file.n) {
		struct view rest = view_from(file, at);
		const struct codec *codec = codec_find(rest);
		uint64_t used;

		if (rest.p[0] == 0) {
			at++;
		} else if (codec) {
			assert_true(codec->unpack(rest, &sink.sink, &used, &err));
			at += used;
		} else {
			struct initrd plain = initrd_parse(rest);

			assert_int_equal(at % INITRD_ALIGN, 0);
			assert_int_equal(plain.archives[0].kind, INITRD_CPIO);
			assert_true(sink_put(
				&sink.sink, view_first(rest, plain.archives[0].size), &err));
			at += plain.archives[0].size;
		}
	}
	return (struct view){ sink.p, (size_t)sink.sink.taken };
}

static void assert_same(const char *label, struct arena *a, struct view file, size_t part_count)
{
	for (size_t i = 0; i < FORMS; i++) {
		struct result r = repack(a, file, forms[i]);
		struct initrd before = initrd_parse(file), after = initrd_parse(r.bytes);

		if (!r.done)
			fail_msg("%s, %s: %s", label, initrd_form_name(forms[i]), r.err.reason);
		if (!view_equal(contents(a, file), contents(a, r.bytes)))
			fail_msg("%s, %s: other bytes", label, initrd_form_name(forms[i]));
		assert_int_equal(r.bytes.n % INITRD_ALIGN, 0);
		assert_int_equal(r.part_count, part_count);
		assert_true(after.is_initramfs);
		for (size_t k = 0; k < after.count; k++)
			assert_true(after.archives[k].kind ==
					(forms[i] == INITRD_RAW ? INITRD_CPIO
								: INITRD_COMPRESSED) ||
				after.archives[k].kind == INITRD_CPIO);
		if (forms[i] == INITRD_RAW)
			assert_true(initrd_raw_is_faithful(&before, &after));
	}
}

/* Two members, the first of this size, so that there is something to pack. */
static struct view cpio_of(struct arena *a, size_t size)
{
	struct cpio_member member = { .name = "lib/module.ko", .data = make_plain(a, size) };

	return join(a, cpio_pack(a, &member), cpio_archive(a, "init", "#!/bin/sh\n"));
}

/* More than any packer takes at a time. */
static struct view large_cpio(struct arena *a)
{
	return cpio_of(a, 300001);
}

/* Where only the order of archives matters: hundreds of them are packed. */
static struct view small_cpio(struct arena *a)
{
	return cpio_of(a, 10001);
}

static void every_codec(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view file = packers[i].pack(&a, large_cpio(&a));

		if (packs_like_linux(&packers[i]))
			assert_same(packers[i].label, &a, file, 1);
		else
			assert_int_equal(
				repack(&a, file, INITRD_RAW).err.fault, FAULT_IMAGE_UNKNOWN);
		arena_free(&a);
	}
}

static void microcode_stays_in_front(void **state)
{
	static const size_t gaps[] = { 0, 4, 508 };

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++)
		for (size_t k = 0; packs_like_linux(&packers[i]) && k < 3; k++) {
			struct arena a = { 0 };
			struct view early =
				cpio_archive(&a, "kernel/x86/microcode/AuthenticAMD.bin", "code");
			struct view packed = packers[i].pack(&a, small_cpio(&a));
			struct view file =
				join(&a, join(&a, early, cpio_zeros(&a, gaps[k])), packed);

			assert_same(packers[i].label, &a, file, 1);
			for (size_t form = 0; form < FORMS; form++) {
				struct result r = repack(&a, file, forms[form]);

				assert_true(view_starts_with(r.bytes, early));
				assert_true(initrd_parse(r.bytes).archives[0].microcode);
			}
			arena_free(&a);
		}
}

/* Each kind before and behind each other one, with and without zeros between them. */
static void concatenations(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++)
		for (size_t k = 0; k < PACKER_COUNT; k++) {
			struct arena a = { 0 };
			struct view one = packers[i].pack(&a, small_cpio(&a));
			struct view two = packers[k].pack(&a, cpio_archive(&a, "etc/x", "y"));
			struct view gap = cpio_zeros(&a, 4 + (-one.n % 4 + 4) % 4);
			struct view plain = cpio_archive(&a, "etc/plain", "text");
			struct view both = join(&a, join(&a, one, gap), two);
			bool same = strcmp(packers[i].codec, packers[k].codec) == 0;
			struct view all = join(&a, both, cpio_zeros(&a, 8 - two.n % 4));

			if (!packs_like_linux(&packers[i]) || !packs_like_linux(&packers[k])) {
				arena_free(&a);
				continue;
			}
			assert_same(packers[i].label, &a, both, 2);
			assert_same(packers[i].label, &a, join(&a, all, plain), 2);
			if (packers[i].continues && same)
				assert_same(packers[i].label, &a, join(&a, one, two), 1);
			arena_free(&a);
		}
}

/* Linux would take the bytes behind a frame of lz4 for one more block. */
static void lz4_is_followed_by_a_word_of_zeros(void **state)
{
	struct arena a = { 0 };
	struct view file = pack_with("gzip", &a, large_cpio(&a));
	struct view gap = cpio_zeros(&a, 8 - file.n % 4), plain = cpio_archive(&a, "x", "y");
	struct view all = join(&a, join(&a, file, gap), plain);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct result r = repack(&a, i ? all : file, INITRD_LZ4);
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, ROOM), ROOM);
		uint64_t used = 0;

		assert_true(r.done);
		assert_true(
			codec_by_name("lz4-legacy")->unpack(r.bytes, &sink.sink, &used, &r.err));
		assert_in_range(r.bytes.n - used, INITRD_ALIGN, r.bytes.n);
		for (size_t k = 0; k < INITRD_ALIGN; k++)
			assert_int_equal(r.bytes.p[used + k], 0);
	}
	arena_free(&a);
}

/* It stays byte for byte, however well it was packed. */
static void what_is_in_the_form_already_is_copied(void **state)
{
	struct arena a = { 0 };
	struct view zstd = pack_with("zstd sized", &a, large_cpio(&a));
	struct view gap = cpio_zeros(&a, 8 - zstd.n % 4);
	struct view gzip = pack_with("gzip", &a, cpio_archive(&a, "a", "b"));
	struct result r = repack(&a, join(&a, join(&a, zstd, gap), gzip), INITRD_ZSTD);

	(void)state;
	assert_true(r.done);
	assert_int_equal(r.part_count, 2);
	assert_true(view_starts_with(r.bytes, zstd));
	arena_free(&a);
}

/* Never a success with other bytes; and nothing is read outside of the file. */
static void truncated_and_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view cpio = cpio_archive(&a, "init", "exec /bin/sh");
		struct view packed = packers[i].pack(&a, cpio);

		for (size_t n = 1; packs_like_linux(&packers[i]) && n < packed.n; n++) {
			uint8_t *copy = malloc(n);
			struct arena own = { 0 };
			struct repack_request wanted = { { copy, n }, INITRD_RAW, ROOM };
			struct buffer_sink sink = buffer_sink_make(arena_alloc(&own, 4096), 4096);
			struct initrd_part parts[INITRD_ARCHIVES_MAX];
			struct error err = { 0 };
			size_t count;

			memcpy(copy, packed.p, n);
			if (initrd_repack(&wanted, &sink.sink, parts, &count, &err))
				fail_msg("%s: fine with %zu bytes", packers[i].label, n);
			assert_true(err.fault == FAULT_COMPRESSION_CORRUPT ||
				err.fault == FAULT_IMAGE_UNKNOWN);
			free(copy);
			arena_free(&own);
		}
		arena_free(&a);
	}
}

static void limits_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		struct arena a = { 0 };
		struct view zeros = { arena_alloc(&a, 8 << 20), 8 << 20 };
		struct view bomb = pack_with("xz", &a, zeros);
		struct view honest = pack_with("xz", &a, large_cpio(&a));
		uint8_t *out = arena_alloc(&a, ROOM);
		struct buffer_sink large = buffer_sink_make(out, ROOM);
		struct buffer_sink small = buffer_sink_make(out, 1000);
		struct repack_request wanted = { bomb, forms[i], 1 << 20 };
		struct initrd_part parts[INITRD_ARCHIVES_MAX];
		struct error err = { 0 };
		size_t count;

		assert_false(initrd_repack(&wanted, &large.sink, parts, &count, &err));
		assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
		assert_true(large.sink.taken <= 1 << 20);
		assert_int_equal(large.sink.limit, ROOM);
		wanted.file = honest;
		assert_false(initrd_repack(&wanted, &small.sink, parts, &count, &err));
		assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
		arena_free(&a);
	}
}

/* The limit is of all archives together. */
static void the_limit_is_of_the_sum(void **state)
{
	struct arena a = { 0 };
	struct view cpio = large_cpio(&a), one = pack_with("gzip", &a, cpio);
	struct view file = join(&a, join(&a, one, cpio_zeros(&a, 4)), pack_with("xz", &a, cpio));

	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, ROOM), ROOM);
		struct repack_request wanted = { file, forms[i], 2 * cpio.n };
		struct initrd_part parts[INITRD_ARCHIVES_MAX];
		struct error err = { 0 };
		size_t count;

		assert_true(initrd_repack(&wanted, &sink.sink, parts, &count, &err));
		assert_int_equal(count, 2);
		assert_int_equal(parts[0].packed, one.n);
		assert_int_equal(parts[1].unpacked, cpio.n);
		sink.sink.taken = 0;
		wanted.unpacked_max--;
		assert_false(initrd_repack(&wanted, &sink.sink, parts, &count, &err));
		assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	}
	arena_free(&a);
}

static void unknown_bytes_are_refused(void **state)
{
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, cpio_archive(&a, "a", "b"));
	struct view all = join(&a, join(&a, packed, cpio_zeros(&a, 4)), view_of_string("what?"));
	struct result r = repack(&a, all, INITRD_RAW);

	(void)state;
	assert_false(r.done);
	assert_int_equal(r.err.fault, FAULT_IMAGE_UNKNOWN);
	assert_reason(r.err, "is no archive that is understood here");
	arena_free(&a);
}

/* Linux stops there; rewritten, it would go on. */
static void cpio_off_the_multiple_of_four_is_refused(void **state)
{
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, cpio_archive(&a, "a", "b"));
	struct view plain = cpio_archive(&a, "c", "d");

	(void)state;
	for (size_t off = 0; off < INITRD_ALIGN; off++) {
		struct view gap = cpio_zeros(&a, 4 + -packed.n % INITRD_ALIGN + off);
		struct result r = repack(&a, join(&a, packed, join(&a, gap, plain)), INITRD_RAW);

		assert_int_equal(r.done, off == 0);
		assert_int_equal(r.err.fault, off ? FAULT_IMAGE_UNKNOWN : FAULT_NONE);
	}
	arena_free(&a);
}

/* Packed, Linux takes them; plain, it would take them otherwise. */
static void unfaithful_when_raw(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "init", "x");
	const struct {
		const char *why;
		struct view content;
	} rows[] = {
		{ "off the multiple of four", join(&a, cpio_zeros(&a, 2), cpio) },
		{ "off it behind another one", join(&a, join(&a, cpio, cpio_zeros(&a, 1)), cpio) },
		{ "no cpio", view_of_string("what is this?") },
		{ "more behind it", join(&a, cpio, view_of_string("what?")) },
		{ "microcode", cpio_archive(&a, "kernel/x86/microcode/GenuineIntel.bin", "m") },
		{ "ACPI tables", cpio_archive(&a, "kernel/firmware/acpi/dsdt.aml", "t") },
		{ "compressed again", pack_with("gzip", &a, cpio) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct view file = pack_with("gzip", &a, rows[i].content);
		struct initrd before = initrd_parse(file);
		struct result r = repack(&a, file, INITRD_RAW);
		struct initrd after = initrd_parse(r.bytes);

		assert_true(r.done);
		if (initrd_raw_is_faithful(&before, &after))
			fail_msg("%s", rows[i].why);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_codec),
		CASE(microcode_stays_in_front),
		CASE(concatenations),
		CASE(lz4_is_followed_by_a_word_of_zeros),
		CASE(what_is_in_the_form_already_is_copied),
		CASE(truncated_and_damaged),
		CASE(limits_hold),
		CASE(the_limit_is_of_the_sum),
		CASE(unknown_bytes_are_refused),
		CASE(cpio_off_the_multiple_of_four_is_refused),
		CASE(unfaithful_when_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
