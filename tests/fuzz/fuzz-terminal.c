/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is a value from anywhere: what the commands print of it is one line of characters that
 * show as themselves, and a JSON string (RFC 8259) of valid UTF-8.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/json.h"
#include "cmd/say.h"
#include "cmd/utf8.h"

__attribute__((format(printf, 2, 3))) static void print(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_to(out, format, args);
	va_end(args);
}

static void expect_shown(const char *text)
{
	const uint8_t *s = (const uint8_t *)text;

	while (*s) {
		size_t n = utf8_length(s);

		expect(n != 0);
		expect(utf8_is_shown(utf8_code(s, n)));
		s += n;
	}
}

static bool is_hexadecimal(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

/* What stands between the quotes: escapes of RFC 8259, section 7, and nothing that needs one. */
static void expect_json_string(const char *s)
{
	expect(*s++ == '"');
	while (*s != '"') {
		expect(*s != '\0');
		if (*s++ != '\\')
			continue;
		if (*s == 'u')
			expect(is_hexadecimal(s + 1, 4));
		else
			expect(*s == '"' || *s == '\\');
		s += *s == 'u' ? 5 : 1;
	}
	expect(s[1] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *value = calloc(1, size + 1), *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	struct json json = { .out = NULL };

	expect(value && out);
	if (size)
		memcpy(value, data, size);
	print(out, "%s %-8s %.5s", value, value, value);
	expect(fclose(out) == 0);
	expect_shown(text);
	free(text);

	json.out = open_memstream(&text, &length);
	expect(json.out != NULL);
	json_string(&json, NULL, value);
	expect(fclose(json.out) == 0);
	expect_shown(text);
	expect_json_string(text);
	free(text);
	free(value);
	return 0;
}
