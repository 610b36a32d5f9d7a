/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/say.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cmd/translate.h"
#include "cmd/utf8.h"

/* One conversion: "%-44s", "%10zu", "%.*s". */
struct conversion {
	char spec[32]; /* with a star replaced by its number */
	char kind;
	char length[3];
	bool is_left;
	int width, precision; /* -1: none */
};

/* va_list may be an array, which a function cannot be handed to change; in a struct it can. */
struct arguments {
	va_list list;
	const struct translation *language; /* NULL: what is said stays English */
};

/* Writes what shows as itself, the rest byte by byte; out may be NULL. How many characters that are. */
static size_t put_clean(FILE *out, const char *text, size_t max)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t written = 0, n;

	for (size_t i = 0; i < max && s[i]; i += n) {
		bool whole;

		n = utf8_length(s + i);
		whole = n && i + n <= max && utf8_is_shown(utf8_code(s + i, n));
		n = n && i + n <= max ? n : 1;
		for (size_t k = 0; out && k < n; k++)
			if (whole)
				fputc(s[i + k], out);
			else
				fprintf(out, "\\x%02x", s[i + k]);
		written += whole ? 1 : 4 * n;
	}
	return written;
}

static void put_plain(FILE *out, const struct conversion *c, const char *text)
{
	size_t max = c->precision < 0 ? SIZE_MAX : (size_t)c->precision;
	const char *s = text ? text : "(none)";
	size_t n = put_clean(NULL, s, max);
	int pad = c->width > 0 && (size_t)c->width > n ? c->width - (int)n : 0;

	fprintf(out, "%*s", c->is_left ? 0 : pad, "");
	put_clean(out, s, max);
	fprintf(out, "%*s", c->is_left ? pad : 0, "");
}

/* What is cut to some length is no sentence. */
static void put_string(
	FILE *out, const struct conversion *c, const struct translation *language, const char *text)
{
	char *own = language && text && c->precision < 0 ? translated(language, text) : NULL;

	put_plain(out, c, own ? own : text);
	free(own);
}

/* A number of the format, or the argument that stands in for it; -1: there is none. */
static int take_number(const char **format, struct arguments *args)
{
	int number = 0;

	if (**format == '*') {
		++*format;
		return va_arg(args->list, int);
	}
	if (**format < '0' || **format > '9')
		return -1;
	while (**format >= '0' && **format <= '9' && number < 1000)
		number = number * 10 + *(*format)++ - '0';
	return number;
}

/* Behind the "%". */
static struct conversion take_conversion(const char **format, struct arguments *args)
{
	struct conversion c = { .precision = -1 };
	size_t flags = strspn(*format, "-+ #0"), n;
	char numbers[24] = "";

	c.is_left = memchr(*format, '-', flags);
	n = (size_t)snprintf(
		c.spec, sizeof c.spec, "%%%.*s", (int)(flags < 5 ? flags : 5), *format);
	*format += flags;
	c.width = take_number(format, args);
	if (**format == '.') {
		++*format;
		c.precision = take_number(format, args);
		c.precision = c.precision < 0 ? 0 : c.precision;
	}
	if (c.width >= 0)
		snprintf(numbers, sizeof numbers, "%d", c.width);
	if (c.precision >= 0)
		snprintf(numbers + strlen(numbers), sizeof numbers - strlen(numbers), ".%d",
			c.precision);
	for (size_t i = 0; i < 2 && **format && strchr("hlzj", **format); i++)
		c.length[i] = *(*format)++;
	c.kind = **format;
	*format += c.kind != '\0';
	snprintf(c.spec + n, sizeof c.spec - n, "%.12s%s%c", numbers, c.length, c.kind);
	return c;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* An integer of its length; signed and unsigned ones have one size. */
static void put_integer(FILE *out, const struct conversion *c, struct arguments *args)
{
	if (strcmp(c->length, "ll") == 0 || strcmp(c->length, "j") == 0)
		fprintf(out, c->spec, va_arg(args->list, unsigned long long));
	else if (strcmp(c->length, "l") == 0)
		fprintf(out, c->spec, va_arg(args->list, unsigned long));
	else if (strcmp(c->length, "z") == 0)
		fprintf(out, c->spec, va_arg(args->list, size_t));
	else
		fprintf(out, c->spec, va_arg(args->list, unsigned));
}

static void put_conversion(FILE *out, const struct conversion *c, struct arguments *args)
{
	char one[2] = "";

	switch (c->kind) {
	case 's':
		put_string(out, c, args->language, va_arg(args->list, const char *));
		break;
	case 'c':
		one[0] = (char)va_arg(args->list, int);
		put_plain(out, c, one);
		break;
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_integer(out, c, args);
		break;
	case 'f':
	case 'e':
	case 'g':
		fprintf(out, c->spec, va_arg(args->list, double));
		break;
	default:
		assert(c->kind == '%');
		fputc('%', out);
	}
}

#pragma GCC diagnostic pop

static void put(FILE *out, const struct translation *language, const char *format, va_list list)
{
	struct arguments args = { .language = language };

	va_copy(args.list, list);
	while (*format) {
		size_t n = strcspn(format, "%");
		struct conversion c;

		fwrite(format, 1, n, out);
		format += n;
		if (!*format)
			break;
		format++;
		c = take_conversion(&format, &args);
		put_conversion(out, &c, &args);
	}
	va_end(args.list);
}

void say_to(FILE *out, const char *format, va_list list)
{
	struct translation language;

	translation_begin(&language);
	put(out, &language, translated_format(&language, format), list);
	translation_end(&language);
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_to(stdout, format, args);
	va_end(args);
}

void say_plain(struct view text)
{
	fwrite(text.p, 1, text.n, stdout);
}

void say_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_to(stderr, format, args);
	va_end(args);
}

void say_to_log(int priority, const char *format, ...)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	va_list args;

	if (!out)
		return;
	va_start(args, format);
	put(out, NULL, format, args);
	va_end(args);
	if (fclose(out) == 0)
		syslog(priority, "%s", text);
	free(text);
}
