/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large kernel and initrds become: of those that can be unpacked here. */
#include "test.h"

#include "codec/pack.h"
#include "initrd/cpio.h"
#include "jump/load-sizes.h"

static struct job job_with(const struct view *initrds, size_t count)
{
	struct job job = { .done = JOB_IMAGE | JOB_REST, .input_count = count };

	job.image.format = IMAGE_BZIMAGE;
	job.image.bzimage.init_size = 1 << 20;
	for (size_t i = 0; i < count; i++)
		job.inputs[i].bytes = initrds[i];
	return job;
}

static struct view some_cpio(struct arena *a)
{
	const struct cpio_member init = { .name = "init", .data = make_plain(a, 100000) };

	return join(a, cpio_pack(a, &init), cpio_trailer(a));
}

static void packed_and_plain_archives_count(void **state)
{
	struct arena a = { 0 };
	const struct view plain = some_cpio(&a);
	const struct view packed = pack_with("gzip", &a, plain);
	/* Two that follow each other, and nothing tells where the first one ends. */
	const struct view initrds[] = { packed, plain, join(&a, packed, packed) };
	struct job job = job_with(initrds, 3);
	struct load_sizes sizes = load_sizes_of(&job);

	(void)state;
	assert_int_equal(sizes.kernel, 1 << 20);
	assert_int_equal(sizes.initrds, 3 * packed.n + plain.n);
	assert_true(sizes.has_unpacked);
	assert_int_equal(sizes.unpacked, 4 * plain.n);
	arena_free(&a);
}

static void what_cannot_be_unpacked_is_unknown(void **state)
{
	struct arena a = { 0 };
	const struct view packed = pack_with("gzip", &a, some_cpio(&a));
	const struct view cut = view_first(packed, packed.n / 2),
			  strange = view_of_string("strange");
	struct job job = job_with(&cut, 1);

	(void)state;
	assert_false(load_sizes_of(&job).has_unpacked);
	job = job_with(&strange, 1);
	assert_false(load_sizes_of(&job).has_unpacked);
	job.done = JOB_IMAGE;
	assert_false(load_sizes_of(&job).has_unpacked);
	job.done = 0;
	assert_int_equal(load_sizes_of(&job).kernel, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(packed_and_plain_archives_count),
		CASE(what_cannot_be_unpacked_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
