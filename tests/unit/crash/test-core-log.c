/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log out of cores of each form, of both sizes and byte orders; what is put out is one text for all. */
#include "test.h"

#include <stdio.h>

#include "crash/core-log.h"
#include "crash/made-core.h"

enum { SECOND = 1000000000 };

/* For each form, size and byte order; a fresh core each. */
static void for_each(void (*ask)(const struct made_wish *wish))
{
	for (enum made_form form = 0; form < MADE_FORMS; form++)
		for (int i = 0; i < 4; i++)
			ask(&(struct made_wish){ form, (i & 1) != 0, (i & 2) != 0 });
}

static void assert_output(const struct made_core *core, const char *expected)
{
	struct made_output output;
	struct error err = { 0 };

	if (!made_read(&core->file, &output, &err))
		fail_msg("%s; %s", err.reason, output.text);
	assert_string_equal(output.text, expected);
}

/* What printk has put before a line itself. */
static const char *prefix(const struct made_wish *wish)
{
	return wish->form == MADE_PLAIN ? "<6>" : "";
}

static void ask_lines(const struct made_wish *wish)
{
	struct made_core core;
	char expected[512];

	made_begin(&core, wish);
	made_add(&core, 0, "Linux version 6.12.0");
	made_add(&core, (uint64_t)12345 * SECOND + 678901234, "second\tline");
	made_add(&core, (uint64_t)100000 * SECOND, "");
	made_add(&core, (uint64_t)100000 * SECOND + 999, "red \033[31m \xc3\xa9 \r \x7f");
	snprintf(expected, sizeof expected,
		"%s[    0.000000] Linux version 6.12.0\n"
		"%s[12345.678901] second\tline\n"
		"%s[100000.000000] \n"
		"%s[100000.000000] red \\x1b[31m \\xc3\\xa9 \\x0d \\x7f\n",
		prefix(wish), prefix(wish), prefix(wish), prefix(wish));
	assert_output(&core, expected);
}

static void lines_are_put_out(void **state)
{
	(void)state;
	for_each(ask_lines);
}

static void ask_nothing(const struct made_wish *wish)
{
	struct made_core core;

	made_begin(&core, wish);
	assert_output(&core, "");
}

static void an_empty_log_is_none(void **state)
{
	(void)state;
	for_each(ask_nothing);
}

static void several_lines_of_one_record(void **state)
{
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true });
	made_add(&core, SECOND, "one\ntwo");
	assert_output(&core, "[    1.000000] one\ntwo\n");
}

/* Text begins in the midst of a line where the buffer is full. */
static void plain_text_goes_around(void **state)
{
	struct made_output output;
	struct error err = { 0 };
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_PLAIN, true });
	for (unsigned i = 0; i < 40; i++)
		made_add(&core, (uint64_t)i * SECOND, "of a line");
	assert_true(made_read(&core.file, &output, &err));
	assert_int_equal(output.n, MADE_RECORDS);
	assert_non_null(strstr(output.text, "<6>[   39.000000] of a line\n"));
	assert_string_equal(output.text + MADE_RECORDS - 28, "<6>[   39.000000] of a line\n");
}

/* The oldest record that is left is told by log_first_idx; a header of length 0 is at the end of the buffer. */
static void records_go_around(void **state)
{
	struct made_core core;
	uint64_t third = 0;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_PRINTK_LOG, false });
	for (unsigned i = 0; i < 18; i++) {
		made_add(&core, (uint64_t)i * SECOND, "0123456789");
		if (i == 14)
			third = core.at - 28;
	}
	/* 17 of 28 bytes and a last header have room. */
	assert_int_equal(core.at, 28);
	made_put(&core, false, 24, 4, third);
	assert_output(&core,
		"[   14.000000] 0123456789\n[   15.000000] 0123456789\n[   16.000000] 0123456789\n"
		"[   17.000000] 0123456789\n");
}

static void ask_ring_around(const struct made_wish *wish)
{
	struct made_core core;
	char expected[512] = "";

	if (wish->form != MADE_RING)
		return;
	made_begin(&core, wish);
	for (unsigned i = 0; i < 29; i++)
		made_add(&core, (uint64_t)i * SECOND, i % 3 ? "short" : "somewhat longer");
	for (unsigned i = 21; i < 29; i++)
		snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
			"[%5u.000000] %s\n", i, i % 3 ? "short" : "somewhat longer");
	assert_output(&core, expected);
}

static void the_ring_goes_around(void **state)
{
	(void)state;
	for_each(ask_ring_around);
}

/* What a CPU was still writing is not there, what it may go on with is. */
static void only_what_is_whole(void **state)
{
	const uint64_t reserved = 0, committed = UINT64_C(1) << 62;
	struct made_core core;
	uint64_t id;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true });
	for (unsigned i = 0; i < 3; i++)
		made_add(&core, i, i == 0 ? "a" : i == 1 ? "b" : "c");
	id = core.first;
	made_put(&core, true, made_desc(&core, id), 8, committed | id);
	made_put(&core, true, made_desc(&core, id + 1), 8, reserved | (id + 1));
	assert_output(&core, "[    0.000000] a\n[    0.000000] c\n");
}

/* Linux 6.18 lets a text end where the ring does; the position behind it is then the beginning of the next round. */
static void a_text_ends_with_the_ring(void **state)
{
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true });
	for (unsigned i = 0; i < 4; i++)
		made_add(&core, 0, "01234567890123456789012345678901234567890123456789012345");
	assert_int_equal(core.at, MADE_TEXT);
	assert_output(&core,
		"[    0.000000] 01234567890123456789012345678901234567890123456789012345\n"
		"[    0.000000] 01234567890123456789012345678901234567890123456789012345\n"
		"[    0.000000] 01234567890123456789012345678901234567890123456789012345\n"
		"[    0.000000] 01234567890123456789012345678901234567890123456789012345\n");
}

/* The text of a record that printk had cut short. */
static void not_more_than_the_block_has(void **state)
{
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true });
	made_add(&core, 0, "12345678");
	made_put(&core, true, MADE_INFOS + core.first % MADE_COUNT * 88 + 16, 2, 60000);
	assert_output(&core, "[    0.000000] 12345678\n");
}

static void a_text_of_another_record_is_left_out(void **state)
{
	struct made_output output;
	struct error err = { 0 };
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true });
	made_add(&core, 0, "first");
	made_add(&core, 0, "second");
	made_put(&core, true, MADE_DATA, 8, 42);
	assert_false(made_read(&core.file, &output, &err));
	assert_int_equal(err.fault, FAULT_CORE_DAMAGED);
	assert_reason(err, "1 records of its log were left out");
	assert_string_equal(output.text, "[    0.000000] second\n");
}

static void hostile_numbers_are_refused(void **state)
{
	static const struct {
		uint64_t at, value;
		unsigned size;
		const char *reason;
	} rows[] = {
		{ 0x80, 40, 4, "2^40 descriptors" },
		{ 0x80 + 48, 60, 4, "2^60 bytes of text" },
		{ 0x80 + 24, 0x1234567, 8, "begins at descriptor" },
		{ 0x80 + 8, 0x1000, 8, "no memory of the kernel's address 0x1" },
		{ 0, UINT64_MAX - 8, 8, "no memory of the kernel's address" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made_output output;
		struct error err = { 0 };
		struct made_core core;

		made_begin(&core, &(struct made_wish){ MADE_RING, true });
		made_add(&core, 0, "text");
		made_put(&core, false, rows[i].at, rows[i].size, rows[i].value);
		assert_false(made_read(&core.file, &output, &err));
		assert_int_equal(err.fault, FAULT_CORE_DAMAGED);
		assert_reason(err, rows[i].reason);
		assert_string_equal(output.text, "");
	}
}

static void records_in_a_circle(void **state)
{
	struct made_output output;
	struct error err = { 0 };
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_PRINTK_LOG, true });
	made_add(&core, 0, "once");
	made_put(&core, false, 32, 4, 100);
	assert_false(made_read(&core.file, &output, &err));
	assert_reason(err, "go around in a circle");
	assert_string_equal(output.text, "[    0.000000] once\n");
}

static void what_is_not_told_is_named(void **state)
{
	struct made_output output;
	struct error err = { 0 };
	struct made_core core;
	uint8_t *p;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true });
	p = memmem(core.bytes, sizeof core.bytes, "printk_info.ts_nsec", 19);
	assert_non_null(p);
	p[0] = 'q';
	assert_false(made_read(&core.file, &output, &err));
	assert_int_equal(err.fault, FAULT_CORE_NO_LOG);
	assert_reason(err, "does not tell OFFSET(printk_info.ts_nsec)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(lines_are_put_out),
		CASE(an_empty_log_is_none),
		CASE(several_lines_of_one_record),
		CASE(plain_text_goes_around),
		CASE(records_go_around),
		CASE(the_ring_goes_around),
		CASE(only_what_is_whole),
		CASE(a_text_ends_with_the_ring),
		CASE(not_more_than_the_block_has),
		CASE(a_text_of_another_record_is_left_out),
		CASE(hostile_numbers_are_refused),
		CASE(records_in_a_circle),
		CASE(what_is_not_told_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
