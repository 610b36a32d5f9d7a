/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table of ACPI as firmware for Intel's TCO has it, and every way in which such a table can be bad. */
#include "watchdog/watched.h"

enum {
	TABLE_MAX = 4096,
	LENGTH = 4,
	CHECKSUM = 9,
	OWN_SIZE = 36,
	PERIOD = 48,
	COUNT_MAX = 52,
	COUNT_MIN = 56,
	FLAGS = 60,
	COUNT = 64,
	INSTRUCTIONS = 68,
	SIZE = 24,
};

static uint8_t table[TABLE_MAX];
static struct block writer;
static uint32_t used;

static void seal(void)
{
	uint8_t sum = 0;

	table[CHECKSUM] = 0;
	for (uint32_t i = 0; i < used; i++)
		sum = (uint8_t)(sum + table[i]);
	table[CHECKSUM] = (uint8_t)-sum;
}

static uint32_t instruction_at(unsigned n)
{
	return INSTRUCTIONS + n * SIZE;
}

/* An instruction, with what its generic address says: space, bits, shift, size of an access. */
struct made {
	uint8_t action, kind, space, bits, shift, access;
	uint64_t address;
	uint32_t value, mask;
};

static void add(struct made m)
{
	const uint8_t bytes[8] = { m.action, m.kind, 0, 0, m.space, m.bits, m.shift, m.access };

	block_put_bytes(&writer, used, (struct view){ bytes, sizeof bytes });
	block_put_le64(&writer, used + 8, m.address);
	block_put_le32(&writer, used + 16, m.value);
	block_put_le32(&writer, used + 20, m.mask);
	used += SIZE;
	block_put_le32(&writer, LENGTH, used);
	block_put_le32(&writer, COUNT, (used - INSTRUCTIONS) / SIZE);
	seal();
}

static void begin(void)
{
	memset(table, 0, sizeof table);
	writer = (struct block){ table, sizeof table, false };
	used = INSTRUCTIONS;
	block_put_bytes(&writer, 0, view_of_string("WDAT"));
	block_put_le32(&writer, LENGTH, used);
	block_put_le32(&writer, OWN_SIZE, 32);
	block_put_le32(&writer, PERIOD, 600);
	block_put_le32(&writer, COUNT_MAX, 0x3ff);
	block_put_le32(&writer, COUNT_MIN, 4);
	block_put_u8(&writer, FLAGS, 1);
	seal();
}

/* Q35's timer, with a running state of one bit, in an order of its own. */
static void begin_tco(void)
{
	begin();
	add((struct made){ 1, 2, 1, 16, 0, 2, 0x660, 1, 0xffff });
	add((struct made){ 4, 1, 1, 16, 0, 2, 0x660, 0, 0x3ff });
	add((struct made){ 6, 0x83, 1, 16, 0, 2, 0x672, 0, 0x3ff });
	add((struct made){ 8, 0, 1, 16, 11, 2, 0x668, 0, 1 });
	add((struct made){ 9, 0x82, 1, 16, 11, 2, 0x668, 0, 1 });
	add((struct made){ 9, 0, 1, 16, 11, 2, 0x668, 0, 1 });
	add((struct made){ 11, 0x82, 1, 16, 11, 2, 0x668, 1, 1 });
	add((struct made){ 17, 0x82, 0, 32, 5, 3, 0xfed1f410, 0, 1 });
}

static bool capture(struct watched *w, uint32_t size)
{
	struct table_source source =
		TABLE_SOURCE({ "sys/firmware/acpi/tables/WDAT", (const char *)table, size, false });

	return watched_begin(w, ARCH_X86_64, &source.source) && watched_find(w);
}

static void the_actions_become_a_recipe(void **state)
{
	struct watched w;

	(void)state;
	begin_tco();
	assert_true(capture(&w, used));
	assert_string_equal(w.watchdog.driver, "wdat_wdt");
	assert_int_equal(w.watchdog.least, 3);
	assert_int_equal(w.watchdog.longest, 613);
	assert_true(watched_set(&w, 60));
	assert_int_equal(w.setting.first, 60);
	assert_int_equal(w.setting.latest, 120);
	assert_string_equal(watched_text(&w),
		"p2 668+f7ff=800;m4 fed1f410+ffffffdf=0;p2 672+fc00=64;"
		"p2 668+f7ff=0;p2 668+ffff=0;p2 660=1;");
	assert_false(watched_set(&w, 614));
	watched_refused(&w, "counts to 613 s at most");
}

static void refused(const char *words)
{
	struct watched w;
	bool found;

	seal();
	found = capture(&w, used);
	if (found && watched_set(&w, 60))
		fail_msg("taken, though: %s", words);
	watched_refused(&w, words);
}

static void bad_headers_are_refused(void **state)
{
	static const struct {
		uint32_t at, value;
		const char *words;
	} cases[] = {
		{ 0, 0x54414458, "says that it has" }, /* "XDAT" */
		{ LENGTH, 67, "says that it has 67" },
		{ LENGTH, TABLE_MAX + 1, "says that it has 4097" },
		{ LENGTH, UINT32_MAX, "says that it has" },
		{ OWN_SIZE, 31, "a header of 31 bytes" },
		{ PERIOD, 0, "periods of 0 ms" },
		{ COUNT_MAX, 3, "from 4 to 3 periods" },
		{ COUNT_MAX, 0, "to 0 periods" },
		{ FLAGS, 0x80, "switched the watchdog" },
		{ COUNT, 0, "cannot have 0 instructions" },
		{ COUNT, 9, "cannot have 9 instructions" },
		{ COUNT, UINT32_MAX, "cannot have 4294967295 instructions" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin_tco();
		block_put_le32(&writer, cases[i].at, cases[i].value);
		refused(cases[i].words);
	}
}

static void a_damaged_table_is_refused(void **state)
{
	struct watched w;

	(void)state;
	begin_tco();
	table[instruction_at(2)] ^= 0x10;
	assert_false(capture(&w, used));
	watched_refused(&w, "is damaged: the sum of its bytes is");
}

static void a_table_that_ends_early_is_refused(void **state)
{
	(void)state;
	begin_tco();
	for (uint32_t n = 1; n < used; n++) {
		struct watched w;

		assert_false(capture(&w, n));
		watched_refused(&w, "says that it has");
	}
}

static void actions_that_are_needed_are_missed(void **state)
{
	static const unsigned needed[] = { 2, 4, 6 };

	(void)state;
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		begin_tco();
		table[instruction_at(needed[i])] = 200;
		if (needed[i] == 4)
			table[instruction_at(5)] = 200;
		refused("how its watchdog is set, started and stopped");
	}
}

static void bad_instructions_are_refused(void **state)
{
	static const struct {
		struct made made;
		const char *words;
	} cases[] = {
		{ { 9, 2, 1, 16, 0, 0, 0x668, 0, 1 },
			NULL }, /* the width is that of the register */
		{ { 9, 2, 1, 0, 0, 2, 0x668, 0, 1 }, "how wide its register is" },
		{ { 9, 2, 1, 12, 0, 0, 0x668, 0, 1 }, "how wide its register is" },
		{ { 9, 2, 1, 16, 0, 5, 0x668, 0, 1 }, "how wide its register is" },
		{ { 9, 2, 2, 16, 0, 2, 0x668, 0, 1 }, "neither memory nor a port" },
		{ { 9, 4, 1, 16, 0, 2, 0x668, 0, 1 }, "of an unknown kind" },
		{ { 9, 2, 1, 16, 16, 2, 0x668, 0, 1 }, "bits that its register does not have" },
		{ { 9, 2, 1, 16, 255, 2, 0x668, 0, 1 }, "bits that its register does not have" },
		{ { 9, 2, 1, 16, 0, 2, 0x668, 0, 0x10000 },
			"bits that its register does not have" },
		{ { 9, 2, 1, 8, 0, 1, 0x70, 0, 0xff }, "is about the clock" },
		{ { 9, 2, 1, 16, 0, 2, 0x6f, 0, 0xff }, "is about the clock" },
		{ { 9, 3, 1, 16, 0, 2, 0x668, 0, 0x3f }, "no room for the time" },
		{ { 9, 2, 1, 16, 0, 2, 0x669, 0, 1 }, "lies across others" },
		{ { 9, 2, 1, 16, 0, 2, 0xffff, 0, 1 }, "lies across others" },
		{ { 9, 2, 1, 8, 0, 1, 0x10000, 0, 1 }, "is no I/O port" },
		{ { 9, 2, 1, 64, 0, 4, 0x668, 0, 1 }, "cannot be accessed so" },
		{ { 9, 2, 0, 32, 0, 3, 0x1000000, 0, 1 }, "lies in memory" },
		{ { 9, 2, 0, 32, 0, 3, 0x3ff00000, 0, 1 }, "lies in memory" },
		{ { 9, 2, 0, 32, 0, 3, 0, 0, 1 }, "no register of a device" },
		{ { 9, 2, 0, 32, 0, 3, UINT64_MAX - 3, 0, 1 }, "lies across others" },
		{ { 9, 2, 0, 32, 0, 3, 0xfed1f410, 0, 1 }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct watched w;

		begin_tco();
		add(cases[i].made);
		if (cases[i].words) {
			refused(cases[i].words);
			continue;
		}
		assert_true(capture(&w, used) && watched_set(&w, 60));
		arena_free(&w.arena);
	}
}

static void a_recipe_has_an_end(void **state)
{
	struct watched w;

	(void)state;
	begin();
	add((struct made){ 6, 3, 1, 16, 0, 2, 0x672, 0, 0x3ff });
	add((struct made){ 11, 2, 1, 16, 0, 2, 0x668, 0, 1 });
	for (int i = 2; i < RECIPE_STEPS_MAX; i++)
		add((struct made){ 9, 2, 1, 16, 0, 2, 0x668, 0, 1 });
	assert_true(capture(&w, used) && watched_set(&w, 60));
	arena_free(&w.arena);
	add((struct made){ 9, 2, 1, 16, 0, 2, 0x668, 0, 1 });
	refused("more than 64 accesses");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_actions_become_a_recipe),
		cmocka_unit_test(bad_headers_are_refused),
		cmocka_unit_test(a_damaged_table_is_refused),
		cmocka_unit_test(a_table_that_ends_early_is_refused),
		cmocka_unit_test(actions_that_are_needed_are_missed),
		cmocka_unit_test(bad_instructions_are_refused),
		cmocka_unit_test(a_recipe_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
