/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "service/grub-block.h"

#define HEAD "# GRUB Environment Block\n"

static struct view block_of(const char *text, uint8_t room[static GRUB_BLOCK_SIZE])
{
	memset(room, '#', GRUB_BLOCK_SIZE);
	memcpy(room, text, strlen(text));
	return (struct view){ room, GRUB_BLOCK_SIZE };
}

static void a_variable_is_set_and_taken_away(void **state)
{
	static const struct {
		const char *before, *value, *after;
	} cases[] = {
		{ HEAD, "a>b", HEAD "next_entry=a>b\n" },
		{ HEAD "saved_entry=0\n", "x", HEAD "saved_entry=0\nnext_entry=x\n" },
		{ HEAD "next_entry=\nsaved_entry=0\n", "x", HEAD "saved_entry=0\nnext_entry=x\n" },
		{ HEAD "next_entry=x\nsaved_entry=0\n", NULL, HEAD "saved_entry=0\n" },
		{ HEAD "saved_entry=0\n", NULL, HEAD "saved_entry=0\n" },
		{ HEAD "my_next_entry=1\n", NULL, HEAD "my_next_entry=1\n" },
		/* A newline within a value. */
		{ HEAD "a=1\\\nnext_entry=no\n", "x", HEAD "a=1\\\nnext_entry=no\nnext_entry=x\n" },
		{ HEAD "next_entry=1\\\nb=no\nc=2\n", "x", HEAD "c=2\nnext_entry=x\n" },
	};
	uint8_t before[GRUB_BLOCK_SIZE], after[GRUB_BLOCK_SIZE], made[GRUB_BLOCK_SIZE];
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct view wanted = block_of(cases[i].after, after);

		assert_true(grub_block_set(block_of(cases[i].before, before), "next_entry",
			cases[i].value, made, &err));
		assert_memory_equal(made, wanted.p, GRUB_BLOCK_SIZE);
	}
}

static void what_is_no_block_is_left_alone(void **state)
{
	static const char *const texts[] = { "", "# GRUB\n", "saved_entry=0\n", HEAD "no newline",
		HEAD "a=1\n##b=2\n", HEAD "next_entry=x\\\n" };
	uint8_t room[GRUB_BLOCK_SIZE], made[GRUB_BLOCK_SIZE] = { 1 };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(
			grub_block_set(block_of(texts[i], room), "next_entry", "x", made, &err));
	for (size_t n = 0; n < GRUB_BLOCK_SIZE; n++)
		assert_false(grub_block_set(
			view_first(block_of(HEAD, room), n), "next_entry", "x", made, &err));
	assert_false(grub_block_set(block_of(HEAD, room), "next_entry", "a\nb", made, &err));
	assert_false(grub_block_set(block_of(HEAD, room), "next_entry", "a\\", made, &err));
	assert_int_equal(made[0], 1);
}

static void there_is_room_or_there_is_not(void **state)
{
	uint8_t room[GRUB_BLOCK_SIZE], made[GRUB_BLOCK_SIZE];
	char value[GRUB_BLOCK_SIZE] = "";
	size_t fits = GRUB_BLOCK_SIZE - strlen(HEAD) - strlen("next_entry=\n");
	struct error err;

	(void)state;
	memset(value, 'v', fits);
	assert_true(grub_block_set(block_of(HEAD, room), "next_entry", value, made, &err));
	value[fits] = 'v';
	assert_false(grub_block_set(block_of(HEAD, room), "next_entry", value, made, &err));
	assert_reason(err, "full");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_variable_is_set_and_taken_away),
		CASE(what_is_no_block_is_left_alone),
		CASE(there_is_room_or_there_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
