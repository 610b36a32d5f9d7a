/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "codec/pack.h"

#include <stdio.h>

#include "base/arith.h"
#include "initrd/cpio.h"
#include "initrd/listing.h"

struct names {
	char text[4096];
};

static void add(void *context, struct view name)
{
	struct names *names = context;
	size_t n = strlen(names->text);

	snprintf(names->text + n, sizeof names->text - n, "%.*s ", (int)name.n, name.p);
}

static bool list(struct view file, uint64_t max, struct names *names, struct error *err)
{
	const struct initrd_listing to = { .member = add, .context = names, .unpacked_max = max };

	*names = (struct names){ 0 };
	*err = (struct error){ 0 };
	return initrd_list(file, &to, err);
}

static struct view sample(struct arena *a)
{
	const struct cpio_member members[] = {
		{ .name = "lib/modules/6.1.0/a.ko", .data = make_plain(a, 70001) },
		{ .name = "empty" },
		{ .name = "x", .data = view_of_string("07070100000000") },
		{ .name = "init", .data = view_of_string("12345") },
	};
	struct view cpio = { 0 };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		cpio = join(a, cpio, cpio_pack(a, &members[i]));
	return join(a, cpio, cpio_trailer(a));
}

#define NAMES "lib/modules/6.1.0/a.ko empty x init TRAILER!!! "

static void all_names_of_all_formats(void **state)
{
	struct arena a = { 0 };
	struct view cpio = sample(&a), early = cpio_archive(&a, "kernel/x86", "m");

	(void)state;
	for (size_t i = 0; i <= PACKER_COUNT; i++) {
		struct view packed = i < PACKER_COUNT ? packers[i].pack(&a, cpio) : cpio;
		struct names names;
		struct error err;

		assert_true(list(packed, GiB(1), &names, &err));
		assert_string_equal(names.text, NAMES);
		assert_true(list(join(&a, early, packed), GiB(1), &names, &err));
		assert_string_equal(names.text, "kernel/x86 TRAILER!!! " NAMES);
		/* Zeros between archives that were packed as one. */
		if (i == PACKER_COUNT)
			break;
		packed = packers[i].pack(&a, join(&a, join(&a, early, cpio_zeros(&a, 512)), cpio));
		assert_true(list(packed, GiB(1), &names, &err));
		assert_string_equal(names.text, "kernel/x86 TRAILER!!! " NAMES);
	}
	arena_free(&a);
}

static void limits_and_damage(void **state)
{
	struct arena a = { 0 };
	struct view cpio = sample(&a), zstd = pack_with("zstd", &a, cpio);
	struct names names;
	struct error err;

	(void)state;
	assert_false(list(zstd, 1000, &names, &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	assert_string_equal(names.text, "");
	for (size_t n = 1; n < zstd.n; n += 97)
		assert_false(list(view_first(zstd, n), GiB(1), &names, &err));
	assert_false(list(join(&a, zstd, view_of_string("junk")), GiB(1), &names, &err));
	assert_int_equal(err.fault, FAULT_INITRD_PACKING);
	assert_string_equal(names.text, NAMES);
	assert_false(list(pack_with("gzip", &a, make_plain(&a, 5000)), GiB(1), &names, &err));
	assert_reason(err, "no cpio archive");
	arena_free(&a);
}

/* Packed whole: what is cut is the archive in it. */
static void content_cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct view one = cpio_pack(
		&a, &(struct cpio_member){ .name = "init", .data = view_of_string("12345") });
	struct names names;
	struct error err;

	(void)state;
	for (size_t n = 1; n <= one.n; n++) {
		bool done = list(pack_with("gzip", &a, view_first(one, n)), GiB(1), &names, &err);

		assert_int_equal(done, n >= one.n - 3);
		assert_string_equal(names.text, n >= 116 ? "init " : "");
	}
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(all_names_of_all_formats),
		CASE(limits_and_damage),
		CASE(content_cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
