/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "report/timeline.h"

enum { S = 1000000 };

/* A counter of 1000 kHz: a tick is a microsecond; it has counted for 1000 s when the shutdown begins. */
static struct timeline_stamps reboot(void)
{
	return (struct timeline_stamps){
		.recorded = {
			[MOMENT_ASKED] = { true, 5000 * (uint64_t)S, 990 * S, 1000 * S },
			[MOMENT_SHUTDOWN] = { true, 5001 * (uint64_t)S, 991 * S, 1001 * S },
			[MOMENT_LOAD_BEGINS] = { true, 5002 * (uint64_t)S, 992 * S, 1002 * S },
			[MOMENT_LOADED] = { true, 5003 * (uint64_t)S, 993 * S, 1003 * S },
			[MOMENT_STOPPED] = { true, 5004 * (uint64_t)S, 994 * S, 1004 * S },
		},
		.has_stub = true,
		.is_verified = true,
		.entered = 1005 * S,
		.verified = 1006 * S,
		.left = 1007 * S,
		.early = { true, 5018 * (uint64_t)S, 10 * S, 1018 * S },
		.now = { true, 5108 * (uint64_t)S, 100 * S, 1108 * S },
		.told_khz = 1001,
		.init = { true, 1 * S },
		.root = { true, 2 * S },
		.system = { true, 3 * S },
		.finished = { true, 9 * S },
	};
}

static void assert_at(
	const struct timeline *t, enum moment moment, enum timeline_clock clock, uint64_t us)
{
	print_message("%s\n", moment_name(moment));
	assert_int_equal(t->moments[moment].clock, clock);
	assert_int_equal(t->moments[moment].us, us);
}

static void both_boots_on_one_axis(void **state)
{
	const struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t = timeline_make(&in, &arena);
	enum moment first, last, before;
	uint64_t us;

	(void)state;
	assert_int_equal(t.khz, 1000);
	assert_true(t.is_joined);
	assert_int_equal(t.notes.count, 0);
	assert_at(&t, MOMENT_ASKED, TIMELINE_OWN, 0);
	assert_at(&t, MOMENT_STOPPED, TIMELINE_OWN, 4 * S);
	assert_at(&t, MOMENT_LEAVES, TIMELINE_NONE, 0);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_COUNTER, 5 * S);
	assert_at(&t, MOMENT_STUB_VERIFIED, TIMELINE_COUNTER, 6 * S);
	assert_at(&t, MOMENT_KERNEL_ENTERED, TIMELINE_COUNTER, 7 * S);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_COUNTER, 8 * S);
	assert_at(&t, MOMENT_INIT, TIMELINE_OWN, 9 * S);
	assert_at(&t, MOMENT_FINISHED, TIMELINE_OWN, 17 * S);
	assert_true(timeline_ends(&t, &first, &last));
	assert_int_equal(first, MOMENT_ASKED);
	assert_int_equal(last, MOMENT_FINISHED);
	assert_true(timeline_between(&t, first, last, &us));
	assert_int_equal(us, 17 * S);
	/* What is not known lies between no others. */
	assert_true(timeline_before(&t, MOMENT_STUB_ENTERED, &before));
	assert_int_equal(before, MOMENT_STOPPED);
	assert_false(timeline_between(&t, MOMENT_LEAVES, MOMENT_STUB_ENTERED, &us));
	arena_free(&arena);
}

/* Loading beside what stops: the order is that of time. */
static void moments_may_pass_each_other(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;
	enum moment before;

	(void)state;
	in.recorded[MOMENT_LOADED].boot_us = 994 * S + 7;
	in.recorded[MOMENT_LOADED].ticks = 1004 * S + 7;
	t = timeline_make(&in, &arena);
	assert_true(timeline_before(&t, MOMENT_LOADED, &before));
	assert_int_equal(before, MOMENT_STOPPED);
	assert_true(timeline_before(&t, MOMENT_STUB_ENTERED, &before));
	assert_int_equal(before, MOMENT_LOADED);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_COUNTER, 5 * S);
	arena_free(&arena);
}

static void without_a_record_it_begins_at_the_stub(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	memset(in.recorded, 0, sizeof in.recorded);
	t = timeline_make(&in, &arena);
	assert_true(t.is_joined);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_COUNTER, 0);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_COUNTER, 3 * S);
	assert_at(&t, MOMENT_FINISHED, TIMELINE_OWN, 12 * S);
	arena_free(&arena);
}

static void with_nothing_but_this_boot(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	memset(in.recorded, 0, sizeof in.recorded);
	in.has_stub = false;
	t = timeline_make(&in, &arena);
	assert_true(t.is_joined);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_OWN, 0);
	assert_at(&t, MOMENT_FINISHED, TIMELINE_OWN, 9 * S);
	arena_free(&arena);
}

/* Through the firmware: the counter begins anew, and the wall clock tells, though in whole seconds. */
static void through_the_firmware(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	in.has_stub = false;
	in.early = (struct stamp){ true, 5044 * (uint64_t)S, 10 * S, 30 * S };
	in.now = (struct stamp){ true, 5134 * (uint64_t)S, 100 * S, 120 * S };
	t = timeline_make(&in, &arena);
	assert_true(t.is_joined);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_NONE, 0);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_WALL_CLOCK, 34 * S);
	assert_at(&t, MOMENT_FINISHED, TIMELINE_OWN, 43 * S);
	assert_int_equal(t.notes.count, 0);
	/* A second may be missing at its end, and no more. */
	in.early.wall_us = 5014 * (uint64_t)S - 1;
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_WALL_CLOCK, 4 * S);
	in.early.wall_us = 5011 * (uint64_t)S;
	t = timeline_make(&in, &arena);
	assert_false(t.is_joined);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_OWN, 0);
	assert_int_equal(t.notes.count, 1);
	arena_free(&arena);
}

/* A counter that goes on through a reset, and would tell of another reboot than the wall clock. */
static void a_counter_of_its_own_mind(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	in.has_stub = false;
	in.early = (struct stamp){ true, 5044 * (uint64_t)S, 10 * S, 2030 * (uint64_t)S };
	in.now = (struct stamp){ true, 5134 * (uint64_t)S, 100 * S, 2120 * (uint64_t)S };
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_WALL_CLOCK, 34 * S);
	arena_free(&arena);
}

static void a_clock_that_was_set_is_told(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	in.early.wall_us += 3600 * (uint64_t)S;
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_COUNTER, 8 * S);
	assert_int_equal(t.notes.count, 1);
	assert_string_equal(t.notes.items[0],
		"the wall clock was set forward by about 3600 s between the boots");
	in.early.wall_us -= 7200 * (uint64_t)S;
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_COUNTER, 8 * S);
	assert_int_equal(t.notes.count, 1);
	arena_free(&arena);
}

static void a_counter_that_runs_unevenly_tells_nothing(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	in.recorded[MOMENT_STOPPED].ticks += 2 * S;
	t = timeline_make(&in, &arena);
	assert_int_equal(t.khz, 0);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_NONE, 0);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_WALL_CLOCK, 8 * S);
	assert_int_equal(t.notes.count, 1);
	arena_free(&arena);
}

static void a_counter_that_was_set_back_is_told(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	in.entered = 1003 * S;
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_NONE, 0);
	assert_int_equal(t.notes.count, 1);
	in = reboot();
	in.left = in.verified - 1;
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_STUB_ENTERED, TIMELINE_NONE, 0);
	assert_int_equal(t.notes.count, 1);
	arena_free(&arena);
}

static void no_counter_at_all(void **state)
{
	struct timeline_stamps in = reboot();
	struct arena arena = { 0 };
	struct timeline t;

	(void)state;
	for (size_t i = 0; i < MOMENTS_RECORDED; i++)
		in.recorded[i].ticks = 0;
	in.early.ticks = in.now.ticks = 0;
	in.has_stub = false;
	t = timeline_make(&in, &arena);
	assert_at(&t, MOMENT_KERNEL_CLOCK, TIMELINE_WALL_CLOCK, 8 * S);
	assert_true(t.is_joined);
	arena_free(&arena);
}

/* Numbers from files, of any size: nothing wraps, and what is told is in order. */
static void hostile_numbers(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 1000, UINT64_MAX / 1000, UINT64_MAX / 2,
		UINT64_MAX - 1, UINT64_MAX };
	enum { COUNT = sizeof numbers / sizeof *numbers };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT * COUNT * COUNT; i++) {
		struct timeline_stamps in = reboot();
		const uint64_t a = numbers[i % COUNT], b = numbers[i / COUNT % COUNT],
			       c = numbers[i / COUNT / COUNT];
		struct timeline t;
		enum moment first, last;
		uint64_t us;

		in.recorded[MOMENT_SHUTDOWN] = (struct stamp){ true, a, b, c };
		in.early = (struct stamp){ true, b, c, a };
		in.entered = c;
		in.finished.us = a;
		in.told_khz = b;
		t = timeline_make(&in, &arena);
		for (unsigned k = 0; k < MOMENTS; k++)
			assert_true(t.moments[k].us < UINT64_MAX / 4);
		assert_true(timeline_ends(&t, &first, &last));
		(void)timeline_between(&t, first, last, &us);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(both_boots_on_one_axis),
		CASE(moments_may_pass_each_other),
		CASE(without_a_record_it_begins_at_the_stub),
		CASE(with_nothing_but_this_boot),
		CASE(through_the_firmware),
		CASE(a_counter_of_its_own_mind),
		CASE(a_clock_that_was_set_is_told),
		CASE(a_counter_that_runs_unevenly_tells_nothing),
		CASE(a_counter_that_was_set_back_is_told),
		CASE(no_counter_at_all),
		CASE(hostile_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
