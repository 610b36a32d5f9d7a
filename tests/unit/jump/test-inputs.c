/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kexec_file_load gets of several initrds: one file. */
#include "test.h"

#include "base/arith.h"
#include "jump/inputs.h"

static void join(struct job *job, size_t count, const char *const *texts)
{
	struct error err;

	*job = (struct job){ .machine = { .memory_available = GiB(1) }, .input_count = count };
	job->notes.arena = &job->arena;
	for (size_t i = 0; i < count; i++)
		job->inputs[i] = (struct input){ "initrd", view_of_string(texts[i]), -1 };
	job->request.initrds = job->inputs;
	job->request.initrd_count = count;
	if (!inputs_join(job, &err))
		fail_msg("%s", err.reason);
	assert_int_equal(job->request.initrd_count, 1);
	assert_true(job->request.initrds[0].fd >= 0);
}

static void assert_joined(size_t count, const char *const *texts, const char *wanted, size_t size)
{
	struct job job;
	struct view made;

	join(&job, count, texts);
	made = job.request.initrds[0].bytes;
	assert_int_equal(made.n, size);
	assert_memory_equal(made.p, wanted, size);
	file_close(&job.joined);
	arena_free(&job.arena);
}

static void each_begins_at_a_multiple_of_four(void **state)
{
	static const char *const texts[] = { "123", "4567", "8" };

	(void)state;
	assert_joined(3, texts,
		"123\0"
		"\0\0\0\0"
		"4567"
		"\0\0\0\0"
		"8",
		17);
}

/* Of an archive in lz4's legacy form Linux reads on until a size that is zero. */
static void four_zeros_are_behind_each_but_the_last(void **state)
{
	static const char *const texts[] = { "12345", "6" }, *const alone[] = { "1234567" };

	(void)state;
	assert_joined(2, texts,
		"12345\0\0\0"
		"\0\0\0\0"
		"6",
		13);
	assert_joined(1, alone, "1234567", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_begins_at_a_multiple_of_four),
		CASE(four_zeros_are_behind_each_but_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
