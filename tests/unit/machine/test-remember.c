/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source that remembers: each path is asked for once, and every answer is the first one. */
#include "test.h"

#include "counting-source.h"
#include "machine/remember.h"
#include "table-source.h"

struct fixture {
	struct table_source table;
	struct counting_source counting;
	struct arena arena;
	struct remembering memory;
};

static const struct source *set_up(struct fixture *x, struct table_source table)
{
	*x = (struct fixture){ .table = table };
	x->counting = counting_source_make(&x->table.source);
	x->memory = remembering_make(&x->counting.source, &x->arena);
	return &x->memory.source;
}

static void each_answer_is_asked_for_once(void **state)
{
	struct fixture x;
	const struct source *s =
		set_up(&x, TABLE_SOURCE({ "a/b", "text" }, { "broken", .is_unreadable = true }));
	struct arena none = { 0 };
	const char *const *names;
	struct view text;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct error err = { 0 };

		assert_true(source_read(s, "a/b", &none, &text));
		assert_int_equal(text.n, 4);
		assert_memory_equal(text.p, "text", 5);
		assert_true(source_list(s, "a", &none, &names));
		assert_string_equal(names[0], "b");
		assert_null(names[1]);
		assert_int_equal(s->read(s, "a/c", &none, &text, &err), IS_ABSENT);
		assert_int_equal(s->read(s, "broken", &none, &text, &err), IS_UNREADABLE);
		assert_reason(err, "/broken cannot be read");
	}
	assert_int_equal(x.counting.calls, 4);
	assert_null(none.chunks);
	arena_free(&x.arena);
}

static void a_look_is_part_of_a_file_or_all_of_it(void **state)
{
	struct fixture x;
	const struct source *s = set_up(&x, TABLE_SOURCE({ "f", "0123456789" }, { "g", "abc" }));
	struct arena none = { 0 };
	struct error err = { 0 };
	struct view bytes;

	(void)state;
	/* A part is no answer to who wants all or more, and one to who wants less. */
	assert_int_equal(s->look(s, "f", 4, &none, &bytes, &err), IS_THERE);
	assert_int_equal(bytes.n, 4);
	assert_int_equal(s->look(s, "f", 2, &none, &bytes, &err), IS_THERE);
	assert_int_equal(bytes.n, 2);
	assert_int_equal(x.counting.calls, 1);
	assert_int_equal(s->look(s, "f", 6, &none, &bytes, &err), IS_THERE);
	assert_int_equal(bytes.n, 6);
	assert_true(source_read(s, "f", &none, &bytes));
	assert_int_equal(bytes.n, 10);
	assert_int_equal(x.counting.calls, 3);
	/* Less than the limit is all there is. */
	assert_int_equal(s->look(s, "g", 4, &none, &bytes, &err), IS_THERE);
	assert_true(source_read(s, "g", &none, &bytes));
	assert_int_equal(bytes.n, 3);
	assert_int_equal(x.counting.calls, 4);
	arena_free(&x.arena);
}

static void a_look_at_a_kernel_is_not_kept(void **state)
{
	struct fixture x;
	const struct source *s = set_up(&x, TABLE_SOURCE({ "f", "0123456789" }));
	struct arena own = { 0 };
	struct error err = { 0 };
	struct view bytes;

	(void)state;
	assert_int_equal(s->look(s, "f", REMEMBER_LOOK_MAX + 1, &own, &bytes, &err), IS_THERE);
	assert_null(x.arena.chunks);
	assert_non_null(own.chunks);
	arena_free(&own);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_answer_is_asked_for_once),
		CASE(a_look_is_part_of_a_file_or_all_of_it),
		CASE(a_look_at_a_kernel_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
