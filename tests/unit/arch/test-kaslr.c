/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every slot can be chosen, none outside of free memory, for whatever number is drawn. */
#include "arch/planned.h"

#include "arch/x86/kaslr.h"
#include "plan/place.h"

static void the_whole_range_is_picked_from(void **state)
{
	static const uint64_t counts[] = { 1, 2, 3, 475, 1000003, UINT64_C(1) << 32 };

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		assert_int_equal(kaslr_pick(0, counts[i]), 0);
		assert_int_equal(kaslr_pick(UINT64_MAX, counts[i]), counts[i] - 1);
	}
	for (uint64_t slot = 0; slot < 475; slot++)
		assert_int_equal(kaslr_pick(UINT64_MAX / 475 * slot + UINT64_MAX / 950, 475), slot);
}

static void virtual_slots_end_with_the_map(void **state)
{
	static const struct {
		struct kaslr_virtual want;
		uint64_t slots;
	} cases[] = {
		{ { MiB(16), MiB(60), MiB(2) }, 475 },
		{ { MiB(16), MiB(60) - 1, MiB(2) }, 475 },
		{ { MiB(16), MiB(60) + 1, MiB(2) }, 474 },
		{ { MiB(16), MiB(60), MiB(16) }, 60 },
		{ { MiB(16), MiB(1008), MiB(2) }, 1 },
		{ { MiB(16), MiB(1008) + 1, MiB(2) }, 0 },
		{ { GiB(1), 1, MiB(2) }, 0 },
		{ { MiB(16), UINT64_MAX, MiB(2) }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(kaslr_virtual_slots(&cases[i].want), cases[i].slots);
}

/* Marks each slot that some number leads to; many more numbers than slots. */
static size_t seen_slots(
	const struct ranges *free, const struct kaslr_physical *want, bool *seen, size_t slots)
{
	enum { DRAWS = 1 << 16 };
	size_t distinct = 0;

	memset(seen, 0, slots);
	for (uint64_t i = 0; i <= DRAWS; i++) {
		uint64_t random = i < DRAWS ? i << 48 : UINT64_MAX;
		phys_t at;

		assert_true(kaslr_pick_physical(free, want, random, &at));
		assert_int_equal(at % want->align, 0);
		assert_true(at >= want->floor);
		assert_true(ranges_contain(free, (struct range){ at, want->size }));
		assert_true(at / want->align < slots);
		distinct += !seen[at / want->align];
		seen[at / want->align] = true;
	}
	return distinct;
}

static void each_physical_slot_is_reached(void **state)
{
	struct range items[] = { { MiB(1), MiB(15) }, { MiB(17), MiB(100) }, { MiB(200), MiB(59) },
		{ MiB(300), MiB(61) } };
	struct ranges free = { items, 4 };
	struct kaslr_physical want = { MiB(60), MiB(2), MiB(16), PHYS_MAX };
	bool seen[1024];

	(void)state;
	/* 18..56 MiB, none, 300: so few that no quarter is left out. */
	assert_int_equal(seen_slots(&free, &want, seen, 1024), 20 + 1);
	assert_true(seen[9] && seen[28] && seen[150]);
	assert_false(seen[8] || seen[29] || seen[100] || seen[151]);

	want.last = MiB(360) - 1;
	assert_int_equal(seen_slots(&free, &want, seen, 1024), 21);
	want.last = MiB(360) - 2;
	assert_int_equal(seen_slots(&free, &want, seen, 1024), 20);
	want.floor = MiB(19);
	assert_int_equal(seen_slots(&free, &want, seen, 1024), 19);
}

static void two_quarters_of_each_zone_are_left_out(void **state)
{
	struct range items[] = { { MiB(1), GiB(3) - MiB(1) }, { GiB(4), GiB(2) } };
	struct ranges free = { items, 2 };
	struct kaslr_physical want = { MiB(64), MiB(2), MiB(16), PHYS_MAX };
	const uint64_t quarter = (GiB(3) - MiB(16)) / 4;
	const size_t low = (MiB(16) + quarter) / MiB(2), low_end = (MiB(16) + 3 * quarter) / MiB(2),
		     high = (GiB(4) + MiB(512)) / MiB(2), high_end = (GiB(4) + MiB(1536)) / MiB(2);
	static bool seen[4096];

	(void)state;
	assert_int_equal(seen_slots(&free, &want, seen, 4096),
		low_end - 32 - low + 1 + high_end - 32 - high + 1);
	assert_true(seen[low] && seen[low_end - 32] && seen[high] && seen[high_end - 32]);
	assert_false(seen[low - 1] || seen[low_end - 31] || seen[high - 1] || seen[high_end - 31]);
}

/* Half of it has fewer slots than are wanted, three quarters have enough. */
static void the_lowest_quarter_is_the_first_to_be_taken(void **state)
{
	struct range item = { MiB(16), MiB(480) };
	struct ranges free = { &item, 1 };
	struct kaslr_physical want = { MiB(60), MiB(2), MiB(16), PHYS_MAX };
	static bool seen[4096];

	(void)state;
	assert_int_equal(seen_slots(&free, &want, seen, 4096), (360 - 60) / 2 + 1);
	assert_true(seen[8] && seen[8 + 150]);
}

static void no_slot_is_no_choice(void **state)
{
	struct range small = { MiB(1), MiB(60) };
	struct ranges free = { &small, 1 }, nothing = { 0 };
	struct kaslr_physical want = { MiB(60), MiB(2), MiB(16), PHYS_MAX };
	phys_t at = 77;

	(void)state;
	assert_false(kaslr_pick_physical(&free, &want, 0, &at));
	assert_false(kaslr_pick_physical(&nothing, &want, UINT64_MAX, &at));
	assert_int_equal(at, 77);
}

static void on_every_machine_it_is_free_memory(void **state)
{
	static const char *const machines[] = { "pc-256m", "q35-1g", "q35-2g-mem", "q35-5g",
		"q35-uefi-5g", "server-1536g", "server-4t", "server-12t" };
	enum { DRAWS = 4096 };

	(void)state;
	for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
		struct kaslr_physical want = { MiB(60), MiB(2), MiB(16), TiB(64) - 1 };
		struct planned p;
		struct planner planner;

		planned_begin(&p, machines[i]);
		planner = (struct planner){ .plan = &p.plan,
			.arena = &p.arena,
			.machine = &p.machine,
			.request = &p.request };
		assert_true(place_begin(&planner, MiB(1), &p.error));
		for (uint64_t j = 0; j <= DRAWS; j++) {
			uint64_t random = j < DRAWS ? UINT64_MAX / DRAWS * j : UINT64_MAX;
			struct range found = { 0, want.size };

			assert_true(
				kaslr_pick_physical(&planner.free, &want, random, &found.start));
			assert_true(found.start >= want.floor && found.start % want.align == 0);
			assert_true(ranges_contain(&planner.free, found));
		}
		arena_free(&p.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_whole_range_is_picked_from),
		CASE(virtual_slots_end_with_the_map),
		CASE(each_physical_slot_is_reached),
		CASE(two_quarters_of_each_zone_are_left_out),
		CASE(the_lowest_quarter_is_the_first_to_be_taken),
		CASE(no_slot_is_no_choice),
		CASE(on_every_machine_it_is_free_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
