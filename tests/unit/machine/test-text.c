/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "machine/text.h"

static const struct {
	const char *text;
	bool hex_ok;
	uint64_t hex;
	bool decimal_ok;
	uint64_t decimal;
} numbers[] = {
	{ "0", true, 0, true, 0 },
	{ "10", true, 16, true, 10 },
	{ "0x10", true, 16, false, 0 },
	{ "ffffFFFFffffFFFF", true, UINT64_MAX, false, 0 },
	{ "0xffffffffffffffff", true, UINT64_MAX, false, 0 },
	{ "10000000000000000", false, 0, true, 10000000000000000 },
	{ "00000000000000000001", true, 1, true, 1 },
	{ "18446744073709551615", false, 0, true, UINT64_MAX },
	{ "18446744073709551616", false, 0, false, 0 },
	{ "", false, 0, false, 0 },
	{ "0x", false, 0, false, 0 },
	{ "-1", false, 0, false, 0 },
	{ "+1", false, 0, false, 0 },
	{ " 1", false, 0, false, 0 },
	{ "1 ", false, 0, false, 0 },
	{ "1g", false, 0, false, 0 },
	{ "0x0x1", false, 0, false, 0 },
};

static void numbers_are_whole_or_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct view v = view_of_string(numbers[i].text);
		uint64_t value = 77;

		assert_int_equal(text_hex(v, &value), numbers[i].hex_ok);
		assert_int_equal(value, numbers[i].hex_ok ? numbers[i].hex : 77);
		value = 77;
		assert_int_equal(text_decimal(v, &value), numbers[i].decimal_ok);
		assert_int_equal(value, numbers[i].decimal_ok ? numbers[i].decimal : 77);
	}
}

static void sizes_have_units(void **state)
{
	static const struct {
		const char *text;
		bool is_size;
		uint64_t size;
	} rows[] = {
		{ "0", true, 0 },
		{ "4096", true, 4096 },
		{ "3K", true, 3 << 10 },
		{ "64M", true, 64 << 20 },
		{ "2G", true, (uint64_t)2 << 30 },
		{ "1T", true, (uint64_t)1 << 40 },
		{ "16777215T", true, (uint64_t)16777215 << 40 },
		{ "16777216T", false, 0 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551615K", false, 0 },
		{ "", false, 0 },
		{ "M", false, 0 },
		{ "64m", false, 0 },
		{ "64MB", false, 0 },
		{ "64 M", false, 0 },
		{ "-1", false, 0 },
		{ "0x10", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t size = 77;

		assert_int_equal(text_size(view_of_string(rows[i].text), &size), rows[i].is_size);
		assert_int_equal(size, rows[i].is_size ? rows[i].size : 77);
	}
}

static void items_end_at_separators(void **state)
{
	struct view list = view_of_string("one,,three,"), item;

	(void)state;
	assert_true(text_item(&list, ',', &item));
	assert_true(text_is(item, "one"));
	assert_true(text_item(&list, ',', &item));
	assert_int_equal(item.n, 0);
	assert_true(text_item(&list, ',', &item));
	assert_true(text_is(item, "three"));
	assert_false(text_item(&list, ',', &item));
}

static void lines_end_at_newlines(void **state)
{
	struct view text = view_of_string("one\n\nthree"), line;

	(void)state;
	assert_true(text_line(&text, &line));
	assert_true(text_is(line, "one"));
	assert_true(text_line(&text, &line));
	assert_int_equal(line.n, 0);
	assert_true(text_line(&text, &line));
	assert_true(text_is(line, "three"));
	assert_false(text_line(&text, &line));
}

static void words_stand_between_blanks(void **state)
{
	struct view text = view_of_string("  a\tbc \n"), word;

	(void)state;
	assert_true(text_word(&text, &word));
	assert_true(text_is(word, "a"));
	assert_true(text_word(&text, &word));
	assert_true(text_is(word, "bc"));
	assert_false(text_word(&text, &word));
	assert_true(text_has_word(view_of_string("sse sse4_2 x"), "sse4_2"));
	assert_false(text_has_word(view_of_string("sse4_2a xsse4_2"), "sse4_2"));
}

static void case_may_differ_where_it_is_said(void **state)
{
	(void)state;
	assert_true(text_is_any_case(view_of_string("ACPI Tables"), "acpi tables"));
	assert_false(text_is_any_case(view_of_string("ACPI Tables 2"), "ACPI Tables"));
	assert_true(text_starts_any_case(view_of_string("reserved"), "Reserved"));
	assert_false(text_starts_any_case(view_of_string("reserve"), "Reserved"));
	assert_false(text_is(view_of_string("reserved"), "Reserved"));
}

static void values_are_found_by_their_whole_key(void **state)
{
	struct view text = view_of_string("CapEffX:\t1\nCapEff:\t 2 \nCapEff:\t3\nlast"), value;

	(void)state;
	assert_true(text_value(text, "CapEff", ':', &value));
	assert_true(text_is(value, "2"));
	assert_false(text_value(text, "last", ':', &value));
	assert_false(text_value((struct view){ 0 }, "CapEff", ':', &value));
}

static void options_are_found_by_their_whole_name(void **state)
{
	struct view options = view_of_string("rw,nofail,tpm2-device=auto,x=a=b,");

	(void)state;
	assert_true(text_has_option(options, "nofail"));
	assert_true(text_has_option(options, "tpm2-device"));
	assert_true(text_has_option(options, "x"));
	assert_false(text_has_option(options, "fail"));
	assert_false(text_has_option(options, "nofai"));
	assert_false(text_has_option(options, "auto"));
	assert_false(text_has_option((struct view){ 0 }, "nofail"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(numbers_are_whole_or_nothing),
		CASE(sizes_have_units),
		CASE(items_end_at_separators),
		CASE(lines_end_at_newlines),
		CASE(words_stand_between_blanks),
		CASE(case_may_differ_where_it_is_said),
		CASE(values_are_found_by_their_whole_key),
		CASE(options_are_found_by_their_whole_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
