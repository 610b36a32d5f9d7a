/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/json.h"

#include <stddef.h>

/* How many bytes of s are one character of UTF-8 (RFC 3629, section 4); 0: they are none. */
static size_t utf8_length(const uint8_t *s)
{
	static const struct {
		uint8_t first, last, second_min, second_max;
		size_t length;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0xff, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = 1;

		if (s[0] < rows[i].first || s[0] > rows[i].last)
			continue;
		if (rows[i].length > 1 && (s[1] < rows[i].second_min || s[1] > rows[i].second_max))
			return 0;
		for (n = 2; n < rows[i].length; n++)
			if (s[n] < 0x80 || s[n] > 0xbf)
				return 0;
		return rows[i].length;
	}
	return 0;
}

static void put_string(struct json *j, const char *value)
{
	const uint8_t *s = (const uint8_t *)value;

	fputc('"', j->out);
	while (*s) {
		size_t n = utf8_length(s);

		if (n == 0)
			fputs("\\ufffd", j->out);
		else if (*s < ' ' || *s == 0x7f)
			fprintf(j->out, "\\u%04x", (unsigned)*s);
		else if (*s == '"' || *s == '\\')
			fprintf(j->out, "\\%c", *s);
		else
			fwrite(s, 1, n, j->out);
		s += n ? n : 1;
	}
	fputc('"', j->out);
}

static void begin(struct json *j, const char *key)
{
	if (j->has_before)
		fputc(',', j->out);
	if (j->depth)
		fprintf(j->out, "\n%*s", (int)(2 * j->depth), "");
	j->has_before = true;
	if (!key)
		return;
	put_string(j, key);
	fputs(": ", j->out);
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	fputc(bracket, j->out);
	j->depth++;
	j->has_before = false;
}

void json_close(struct json *j, char bracket)
{
	j->depth--;
	if (j->has_before)
		fprintf(j->out, "\n%*s", (int)(2 * j->depth), "");
	fputc(bracket, j->out);
	j->has_before = true;
	if (j->depth == 0)
		fputc('\n', j->out);
}

void json_string(struct json *j, const char *key, const char *value)
{
	if (!value) {
		json_null(j, key);
		return;
	}
	begin(j, key);
	put_string(j, value);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
	begin(j, key);
	fprintf(j->out, "%llu", (unsigned long long)value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin(j, key);
	fputs(value ? "true" : "false", j->out);
}

void json_null(struct json *j, const char *key)
{
	begin(j, key);
	fputs("null", j->out);
}
