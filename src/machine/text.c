/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cuts and compares text; knows nothing of what any file means. */
#include "machine/text.h"

#include <string.h>

#include "base/arith.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool text_cut(struct view *text, char c, struct view *ret)
{
	const uint8_t *at = text->n ? memchr(text->p, c, text->n) : NULL;

	if (!at)
		return false;
	*ret = view_first(*text, (uint64_t)(at - text->p));
	*text = view_from(*text, ret->n + 1);
	return true;
}

bool text_item(struct view *list, char separator, struct view *ret)
{
	if (list->n == 0)
		return false;
	if (!text_cut(list, separator, ret)) {
		*ret = *list;
		*list = view_from(*list, list->n);
	}
	return true;
}

bool text_has_option(struct view options, const char *name)
{
	struct view item, own;

	while (text_item(&options, ',', &item)) {
		if (!text_cut(&item, '=', &own))
			own = item;
		if (text_is(own, name))
			return true;
	}
	return false;
}

bool text_line(struct view *text, struct view *ret)
{
	return text_item(text, '\n', ret);
}

bool text_word(struct view *text, struct view *ret)
{
	struct view v = text_trim(*text);
	size_t n = 0;

	while (n < v.n && !is_blank(v.p[n]))
		n++;
	*text = view_from(v, n);
	*ret = view_first(v, n);
	return n != 0;
}

struct view text_trim(struct view v)
{
	while (v.n && is_blank(v.p[0]))
		v = view_from(v, 1);
	while (v.n && is_blank(v.p[v.n - 1]))
		v = view_first(v, v.n - 1);
	return v;
}

/* The value of a digit in bases up to 16; 16 for any other character. */
static unsigned digit(uint8_t c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

static bool number(struct view v, unsigned base, uint64_t *ret)
{
	uint64_t value = 0;

	if (v.n == 0)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		unsigned d = digit(v.p[i]);

		if (d >= base || !ck_mul(value, base, &value) || !ck_add(value, d, &value))
			return false;
	}
	*ret = value;
	return true;
}

bool text_hex(struct view v, uint64_t *ret)
{
	return number(view_has_at(v, 0, "0x") ? view_from(v, 2) : v, 16, ret);
}

bool text_decimal(struct view v, uint64_t *ret)
{
	return number(v, 10, ret);
}

bool text_size(struct view v, uint64_t *ret)
{
	static const char units[] = "KMGT";
	const char *unit = v.n ? memchr(units, v.p[v.n - 1], sizeof units - 1) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	uint64_t n;

	if (!number(unit ? view_first(v, v.n - 1) : v, 10, &n) || n > UINT64_MAX >> shift)
		return false;
	*ret = n << shift;
	return true;
}

bool text_is(struct view v, const char *s)
{
	return view_equal(v, view_of_string(s));
}

bool text_starts_any_case(struct view v, const char *prefix)
{
	struct view p = view_of_string(prefix);

	if (v.n < p.n)
		return false;
	for (size_t i = 0; i < p.n; i++)
		if (lower(v.p[i]) != lower(p.p[i]))
			return false;
	return true;
}

bool text_is_any_case(struct view v, const char *s)
{
	return v.n == strlen(s) && text_starts_any_case(v, s);
}

bool text_has_word(struct view v, const char *word)
{
	struct view w;

	while (text_word(&v, &w))
		if (text_is(w, word))
			return true;
	return false;
}

bool text_value(struct view text, const char *key, char separator, struct view *ret)
{
	struct view line, name;

	while (text_line(&text, &line)) {
		if (text_cut(&line, separator, &name) && text_is(text_trim(name), key)) {
			*ret = text_trim(line);
			return true;
		}
	}
	return false;
}
