/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What panics do once a boot is confirmed: what they did before, unless somebody has said otherwise since. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/trial-panic.h"

static void it_is_as_it_was_before(void **state)
{
	static const struct {
		const char *was, *now, *due;
	} cases[] = {
		{ "0", "10\n", "0" },
		{ "30", "10\n", "30" },
		{ "-1", "10\n", "-1" },
		/* Of the line, or of sysctl.d(5), which are as they were. */
		{ "10", "10\n", NULL },
		{ "0", "60\n", NULL },
		{ "0", "0\n", NULL },
		{ "0", "-1\n", NULL },
		/* An earlier version has not written it down. */
		{ "", "10\n", NULL },
		{ "-", "10\n", NULL },
		{ "1 2", "10\n", NULL },
		{ "0", "", NULL },
		{ "0", "10 10\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source source =
			TABLE_SOURCE({ "proc/sys/kernel/panic", cases[i].now });
		const struct trial trial = { .panic_was = cases[i].was };
		struct arena arena = { 0 };
		const char *due = trial_panic_due(&source.source, &trial, &arena);

		if (!cases[i].due ? due != NULL : !due || strcmp(due, cases[i].due) != 0)
			fail_msg("case %zu: %s", i, due ? due : "nothing");
		arena_free(&arena);
	}
}

static void what_cannot_be_read_is_left(void **state)
{
	const struct table_source source =
		TABLE_SOURCE({ .path = "proc/sys/kernel/panic", .is_unreadable = true });
	const struct trial trial = { .panic_was = "0" };
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(trial_panic_read(&source.source, &arena), "");
	assert_null(trial_panic_due(&source.source, &trial, &arena));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(it_is_as_it_was_before),
		CASE(what_cannot_be_read_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
