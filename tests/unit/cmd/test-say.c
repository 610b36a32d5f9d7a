/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdlib.h>

#include "cmd/say.h"

__attribute__((format(printf, 1, 2))) static char *said(const char *format, ...)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	va_list args;

	va_start(args, format);
	say_to(out, format, args);
	va_end(args);
	fclose(out);
	return text;
}

static const struct {
	const char *value, *shown;
} values[] = {
	{ "", "" },
	{ "a b\\c\"'%s", "a b\\c\"'%s" },
	{ "é€😀", "é€😀" },
	{ "6.1\033[31mx", "6.1\\x1b[31mx" },
	{ "a\nb\tc\rd\x7f", "a\\x0ab\\x09c\\x0dd\\x7f" },
	{ "\x9b"
	  "31m",
		"\\x9b31m" }, /* C1 as a byte */
	{ "\xc2\x9b"
	  "31m\xc2\x80",
		"\\xc2\\x9b31m\\xc2\\x80" }, /* the same as UTF-8 */
	{ "\xc2\xa0", "\xc2\xa0" },
	{ "a\xe2\x80\xaegpj", "a\\xe2\\x80\\xaegpj" }, /* right-to-left override */
	{ "\xe2\x81\xa6x\xe2\x81\xa9", "\\xe2\\x81\\xa6x\\xe2\\x81\\xa9" }, /* an isolate */
	{ "\xe2\x80\xa8\xe2\x80\x8f", "\\xe2\\x80\\xa8\\xe2\\x80\\x8f" },
	{ "\xff\xc3(\xc3", "\\xff\\xc3(\\xc3" },
	{ "\xc0\xaf\xed\xa0\x80", "\\xc0\\xaf\\xed\\xa0\\x80" },
};

static void values_show_what_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char *text = said("<%s>\n", values[i].value);
		char expected[256];

		snprintf(expected, sizeof expected, "<%s>\n", values[i].shown);
		assert_string_equal(text, expected);
		free(text);
	}
}

/* What the commands use, against the C library. */
static void conversions_are_printfs(void **state)
{
	char expected[256], *text;

	(void)state;
#define SAME(...)                                                 \
	do {                                                      \
		snprintf(expected, sizeof expected, __VA_ARGS__); \
		text = said(__VA_ARGS__);                         \
		assert_string_equal(text, expected);              \
		free(text);                                       \
	} while (0)
	SAME("100%% of %-8s|%8s|%.2s|%.*s|%*s|%-*s|", "abc", "de", "fgh", 2, "ijk", 5, "l", 4, "m");
	SAME("%d %i %u %x %#x %X %o %5d %-5d| %05d %+d", -1, 2, 3U, 0xabU, 0xcdU, 0xefU, 8U, 42, 43,
		44, 45);
	SAME("%ld %lu %lld %llu %#014llx %zu %10zu", -1L, 2UL, -3LL, 1ULL << 63, 0xabcULL,
		(size_t)7, (size_t)8);
	SAME("%hhu %hu %7.2f %.1f %c", (unsigned char)1, (unsigned short)2, 3.14159, 2.5, 'x');
	SAME("no conversion");
#undef SAME
	text = said("%c|%.3s|%-14s|", '\033', "\xe2\x82\xac\xe2", "a\033");
	assert_string_equal(text, "\\x1b|\xe2\x82\xac|a\\x1b         |");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(values_show_what_they_are),
		CASE(conversions_are_printfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
