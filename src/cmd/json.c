/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/json.h"

#include <stddef.h>

#include "cmd/utf8.h"

/* RFC 8259, section 7: the same character, which steers no terminal so. */
static void put_escaped(struct json *j, uint32_t code)
{
	if (code < 0x10000)
		fprintf(j->out, "\\u%04x", code);
	else
		fprintf(j->out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
			0xdc00 + ((code - 0x10000) & 0x3ff));
}

static void put_string(struct json *j, const char *value)
{
	const uint8_t *s = (const uint8_t *)value;

	fputc('"', j->out);
	while (*s) {
		size_t n = utf8_length(s);

		if (n == 0)
			fputs("\\ufffd", j->out);
		else if (!utf8_is_shown(utf8_code(s, n)))
			put_escaped(j, utf8_code(s, n));
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

void json_answer(struct json *j, const char *key, enum answer answer)
{
	if (answer == ANSWER_UNKNOWN)
		json_null(j, key);
	else
		json_bool(j, key, answer == ANSWER_YES);
}

static void put_notes(struct json *j, const struct notes *notes)
{
	for (size_t i = 0; notes && i < notes->count; i++)
		json_string(j, NULL, notes->items[i]);
}

void json_notes(struct json *j, const struct notes *notes, const struct notes *more)
{
	json_open(j, "notes", '[');
	put_notes(j, notes);
	put_notes(j, more);
	json_close(j, ']');
}

void json_begin(struct json *j, uint64_t schema)
{
	json_open(j, NULL, '{');
	json_number(j, "schema", schema);
}

void json_end(struct json *j)
{
	json_close(j, '}');
}

void json_known(struct json *j, const char *key, const char *value)
{
	json_string(j, key, value && value[0] ? value : NULL);
}

void json_number_if(struct json *j, const char *key, bool is_known, uint64_t value)
{
	if (is_known)
		json_number(j, key, value);
	else
		json_null(j, key);
}

void json_known_number(struct json *j, const char *key, uint64_t value)
{
	json_number_if(j, key, value != 0, value);
}

void json_strings(struct json *j, const char *key, const char *const *values)
{
	if (!values) {
		json_null(j, key);
		return;
	}
	json_open(j, key, '[');
	for (size_t i = 0; values[i]; i++)
		json_string(j, NULL, values[i]);
	json_close(j, ']');
}
