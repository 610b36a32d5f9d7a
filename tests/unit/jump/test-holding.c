/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is made in memory ends where no memory is left. */
#include "test.h"

#include "base/arith.h"
#include "jump/holding.h"

static const uint8_t bytes[MiB(1)];

static bool fill(struct memfd *memfd, unsigned mib, struct error *err)
{
	for (unsigned i = 0; i < mib; i++)
		if (!sink_put(&memfd->sink, (struct view){ bytes, sizeof bytes }, err))
			return false;
	return true;
}

static void a_file_in_memory_ends_with_the_memory(void **state)
{
	struct job job = { .machine.memory_available = MiB(5) };
	struct error err = { 0 };
	struct memfd memfd;

	(void)state;
	assert_true(holding_begin(&job, "first", UINT64_MAX, &memfd, &err));
	assert_true(fill(&memfd, 3, &err));
	assert_true(memfd_finish(&memfd, "first", &job.unpacked, &err));
	assert_int_equal(holding_made(&job), MiB(3));
	assert_int_equal(holding_room(&job), MiB(2));

	assert_true(holding_begin(&job, "second", UINT64_MAX, &memfd, &err));
	assert_false(fill(&memfd, 3, &err));
	assert_int_equal(err.fault, FAULT_NO_MEMORY);
	assert_reason(err, "in memory it becomes more than the 2 MiB that are available");
	memfd_drop(&memfd);
	file_close(&job.unpacked);
}

static void what_is_not_known_is_no_limit(void **state)
{
	struct job job = { 0 };
	struct error err = { 0 };
	struct memfd memfd;

	(void)state;
	assert_int_equal(holding_room(&job), UINT64_MAX);
	assert_true(holding_begin(&job, "file", MiB(2), &memfd, &err));
	assert_true(fill(&memfd, 2, &err));
	assert_false(fill(&memfd, 1, &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	memfd_drop(&memfd);
}

/* The purgatory of kexec_file_load verifies the zeros behind a bzImage as well. */
static void the_zeros_behind_a_kernel_are_verified(void **state)
{
	const struct input initrd = { .bytes = { bytes, 1000 } };
	struct job job = { .plan.call = CALL_FILE_LOAD };

	(void)state;
	job.request.kernel.bytes = (struct view){ bytes, 5000 };
	job.request.initrds = &initrd;
	job.request.initrd_count = 1;
	job.image.format = IMAGE_BZIMAGE;
	job.image.bzimage.init_size = MiB(2);
	assert_int_equal(holding_verified(&job), MiB(2) + 1000);
	assert_int_equal(holding_loaded(&job), MiB(2) + 1000 + 5000 + 1000);
	job.image.format = IMAGE_RAW;
	assert_int_equal(holding_verified(&job), 6000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_file_in_memory_ends_with_the_memory),
		CASE(what_is_not_known_is_no_limit),
		CASE(the_zeros_behind_a_kernel_are_verified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
