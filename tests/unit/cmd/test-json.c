/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdlib.h>

#include "cmd/json.h"

static const struct {
	const char *value, *written;
} strings[] = {
	{ "", "\"\"" },
	{ "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
	{ "\n\t\033\x7f", "\"\\u000a\\u0009\\u001b\\u007f\"" },
	{ "é€😀", "\"é€😀\"" },
	{ "\xc2\x9b\xe2\x80\xae\xe2\x81\xa6", "\"\\u009b\\u202e\\u2066\"" },
	{ "\xf3\xa0\x80\x81", "\"\\udb40\\udc01\"" },
	{ "\xff", "\"\\ufffd\"" },
	{ "\xc3", "\"\\ufffd\"" },
	{ "\xc3(", "\"\\ufffd(\"" },
	{ "\xc0\xaf", "\"\\ufffd\\ufffd\"" },            /* an overlong '/' */
	{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" }, /* a surrogate */
	{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
	{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },
};

static void strings_are_escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		char *text = NULL;
		size_t size;
		struct json j = { .out = open_memstream(&text, &size) };

		json_string(&j, NULL, strings[i].value);
		fclose(j.out);
		assert_string_equal(text, strings[i].written);
		free(text);
	}
}

static void values_stand_in_objects_and_arrays(void **state)
{
	char *text = NULL;
	size_t size;
	struct json j = { .out = open_memstream(&text, &size) };

	(void)state;
	json_open(&j, NULL, '{');
	json_open(&j, "empty", '[');
	json_close(&j, ']');
	json_open(&j, "list", '[');
	json_number(&j, NULL, 1);
	json_bool(&j, NULL, true);
	json_close(&j, ']');
	json_string(&j, "none", NULL);
	json_bool(&j, "no", false);
	json_close(&j, '}');
	fclose(j.out);
	assert_string_equal(text,
		"{\n  \"empty\": [],\n  \"list\": [\n    1,\n    true\n  ],\n"
		"  \"none\": null,\n  \"no\": false\n}\n");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(strings_are_escaped),
		CASE(values_stand_in_objects_and_arrays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
