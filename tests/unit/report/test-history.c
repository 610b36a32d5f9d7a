/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "report/history.h"

static struct history read(const char *text, struct arena *arena)
{
	struct table_source source = TABLE_SOURCE({ &HISTORY_FILE[1], text });

	return history_read(&source.source, arena);
}

static void one_more_and_the_oldest_goes(void **state)
{
	struct arena arena = { 0 };
	struct history h = { .count = 0 };

	(void)state;
	for (uint64_t i = 1; i <= HISTORY_MAX + 5; i++) {
		const struct past_reboot p = { i, "kexec", "6.12.90-amd64", { true, i },
			{ false, 0 }, { true, 2 * i } };

		h = read(history_text(&h, &p, &arena), &arena);
	}
	assert_int_equal(h.count, HISTORY_MAX);
	assert_int_equal(h.items[0].when, 6);
	assert_int_equal(h.items[HISTORY_MAX - 1].when, HISTORY_MAX + 5);
	assert_string_equal(h.items[0].way, "kexec");
	assert_string_equal(h.items[0].release, "6.12.90-amd64");
	assert_int_equal(h.items[0].shutdown.us, 6);
	assert_false(h.items[0].away.is_known);
	assert_int_equal(h.items[0].boot.us, 12);
	arena_free(&arena);
}

static void what_is_not_understood_is_left_out(void **state)
{
	struct arena arena = { 0 };
	struct history h = read("\nnothing\n2 1 kexec r 1 2 3\n1 7 kexec r 1 2\n1 7 walk r 1 2 3\n"
				"1 8 firmware 6.1 1 x 3\n1 9 unknown - - - -\n1 10",
		&arena);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_int_equal(h.items[0].when, 9);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(one_more_and_the_oldest_goes),
		CASE(what_is_not_understood_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
