/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "base/range.h"

static struct ranges make(struct arena *a, const struct range *items, size_t count)
{
	struct ranges set = { 0 };

	for (size_t i = 0; i < count; i++)
		assert_true(ranges_add(&set, a, items[i]));
	return set;
}

#define MAKE(a, ...)                                   \
	make(a, (const struct range[]){ __VA_ARGS__ }, \
		sizeof((const struct range[]){ __VA_ARGS__ }) / sizeof(struct range))

static void assert_range(struct range got, phys_t start, phys_t end)
{
	assert_int_equal(got.start, start);
	assert_int_equal(range_end(got), end);
}

static void a_range_never_wraps(void **state)
{
	struct range r;

	(void)state;
	assert_false(range_make(UINT64_MAX, 1, &r));
	assert_true(range_make(UINT64_MAX, 0, &r));
	assert_true(range_make(0x1000, 0x1000, &r));
	assert_range(r, 0x1000, 0x2000);
}

static void normalise_sorts_and_joins(void **state)
{
	struct arena a = { 0 };
	struct ranges set = MAKE(
		&a, { 0x5000, 0x1000 }, { 0x1000, 0x1000 }, { 0x2000, 0x1000 }, { 0x1800, 0x100 });

	(void)state;
	ranges_normalise(&set);
	assert_int_equal(set.count, 2);
	assert_range(set.items[0], 0x1000, 0x3000);
	assert_range(set.items[1], 0x5000, 0x6000);
	arena_free(&a);
}

static void subtract_cuts_holes(void **state)
{
	struct arena a = { 0 };
	struct ranges from = MAKE(&a, { 0x1000, 0x9000 }, { 0x20000, 0x1000 });
	struct ranges what = MAKE(&a, { 0, 0x2000 }, { 0x3000, 0x1000 }, { 0x9000, 0x17800 });
	struct ranges left;

	(void)state;
	assert_true(ranges_subtract(&from, &what, &a, &left));
	assert_int_equal(left.count, 3);
	assert_range(left.items[0], 0x2000, 0x3000);
	assert_range(left.items[1], 0x4000, 0x9000);
	assert_range(left.items[2], 0x20800, 0x21000);
	assert_int_equal(ranges_total(&left), 0x6800);
	arena_free(&a);
}

static void intersect_keeps_what_is_in_both(void **state)
{
	struct arena a = { 0 };
	struct ranges x = MAKE(&a, { 0x1000, 0x2000 }, { 0x8000, 0x1000 });
	struct ranges y = MAKE(&a, { 0x2000, 0x6800 });
	struct ranges both;

	(void)state;
	assert_true(ranges_intersect(&x, &y, &a, &both));
	assert_int_equal(both.count, 2);
	assert_range(both.items[0], 0x2000, 0x3000);
	assert_range(both.items[1], 0x8000, 0x8800);
	assert_true(ranges_contain(&both, (struct range){ 0x8100, 0x700 }));
	assert_false(ranges_contain(&both, (struct range){ 0x8100, 0x701 }));
	arena_free(&a);
}

static void shrinking_to_pages(void **state)
{
	(void)state;
	assert_range(range_shrink_to((struct range){ 0x1001, 0x2fff }, 0x1000), 0x2000, 0x4000);
	assert_int_equal(range_shrink_to((struct range){ 0x1001, 0xffe }, 0x1000).size, 0);
	assert_int_equal(
		range_shrink_to(range_between(UINT64_MAX - 10, UINT64_MAX), 0x1000).size, 0);
}

static void sets_grow_past_any_first_guess(void **state)
{
	struct arena a = { 0 };
	struct ranges set = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		assert_true(ranges_add(&set, &a, (struct range){ (9999 - i) * 0x2000, 0x1000 }));
	ranges_normalise(&set);
	assert_int_equal(set.count, 10000);
	assert_range(set.items[9999], 9999 * 0x2000, 9999 * 0x2000 + 0x1000);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_range_never_wraps),
		CASE(normalise_sorts_and_joins),
		CASE(subtract_cuts_holes),
		CASE(intersect_keeps_what_is_in_both),
		CASE(shrinking_to_pages),
		CASE(sets_grow_past_any_first_guess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
