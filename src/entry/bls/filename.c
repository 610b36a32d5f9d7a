/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry/bls/filename.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A part of a name. */
struct piece {
	const char *p;
	size_t n;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char first(struct piece s)
{
	return s.n ? s.p[0] : '\0';
}

static struct piece from(struct piece s, size_t n)
{
	return (struct piece){ s.p + n, s.n - n };
}

static size_t span(struct piece s, bool (*is)(char))
{
	size_t n = 0;

	while (n < s.n && is(s.p[n]))
		n++;
	return n;
}

/* Nothing there is as good as a character that ends nothing. */
static bool is_separator(char c)
{
	return c && !is_digit(c) && !is_letter(c) && c != '~' && c != '+';
}

static int sign(long long n)
{
	return (n > 0) - (n < 0);
}

static int compare_bytes(struct piece x, struct piece y)
{
	int order = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return order ? sign(order) : sign((long long)x.n - (long long)y.n);
}

/* '~' is older than everything, also than the end. 2: neither has it; 3: both had it. */
static int compare_tilde(struct piece *x, struct piece *y)
{
	bool a = first(*x) == '~', b = first(*y) == '~';

	if (!a && !b)
		return 2;
	if (a != b)
		return a ? -1 : 1;
	*x = from(*x, 1);
	*y = from(*y, 1);
	return 3;
}

/* '+' is older than what else goes on, and newer than the end. */
static int compare_plus(struct piece *x, struct piece *y)
{
	bool a = first(*x) == '+', b = first(*y) == '+';

	if (!a && !b)
		return 2;
	if (x->n == 0 || y->n == 0)
		return x->n == 0 ? -1 : 1;
	if (a != b)
		return a ? -1 : 1;
	*x = from(*x, 1);
	*y = from(*y, 1);
	return 3;
}

/* Runs of digits or of letters; digits are newer. */
static int compare_run(struct piece *x, struct piece *y)
{
	bool is_number = is_digit(first(*x));
	struct piece a = { x->p, span(*x, is_number ? is_digit : is_letter) };
	struct piece b = { y->p, span(*y, is_number ? is_digit : is_letter) };

	*x = from(*x, a.n);
	*y = from(*y, b.n);
	if (b.n == 0)
		return is_number ? 1 : -1;
	while (is_number && a.n && a.p[0] == '0')
		a = from(a, 1);
	while (is_number && b.n && b.p[0] == '0')
		b = from(b, 1);
	if (is_number && a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return compare_bytes(a, b);
}

static int compare_versions(struct piece x, struct piece y)
{
	if (x.n == y.n && memcmp(x.p, y.p, x.n) == 0)
		return 0;
	while (x.n || y.n) {
		int order;

		while (is_separator(first(x)))
			x = from(x, 1);
		while (is_separator(first(y)))
			y = from(y, 1);
		order = compare_tilde(&x, &y);
		if (order == 2)
			order = compare_plus(&x, &y);
		if (order == 3)
			continue;
		if (order != 2)
			return order;
		if (x.n == 0 || y.n == 0)
			break;
		order = compare_run(&x, &y);
		if (order)
			return order;
	}
	return (x.n != 0) - (y.n != 0);
}

/* NAME-VERSION-RELEASE; where there are fewer parts, the first ones are there. */
struct parts {
	struct piece name, version, release;
};

static bool cut_last(struct piece *s, struct piece *ret)
{
	for (size_t i = s->n; i-- > 0;) {
		if (s->p[i] != '-')
			continue;
		*ret = from(*s, i + 1);
		s->n = i;
		return true;
	}
	return false;
}

static struct parts split(const char *name)
{
	struct piece rest = { name, strlen(name) }, last, middle;

	if (!cut_last(&rest, &last))
		return (struct parts){ .name = rest, { "", 0 }, { "", 0 } };
	if (!cut_last(&rest, &middle))
		return (struct parts){ .name = rest, last, { "", 0 } };
	return (struct parts){ .name = rest, middle, last };
}

int filename_compare_rpm(const char *x, const char *y)
{
	struct parts a = split(x), b = split(y);
	int order = compare_versions(a.name, b.name);

	if (!order)
		order = compare_versions(a.version, b.version);
	return order ? order : compare_versions(a.release, b.release);
}

/* Without "(\.[A-Za-z~][A-Za-z0-9~]*)*" at its end; at least one character is left. */
static size_t prefix_of(struct piece s)
{
	size_t prefix = 0;

	for (size_t i = 0; i < s.n;) {
		prefix = ++i;
		while (i + 1 < s.n && s.p[i] == '.' && (is_letter(s.p[i + 1]) || s.p[i + 1] == '~'))
			for (i += 2; i < s.n &&
				(is_letter(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '~');)
				i++;
	}
	return prefix;
}

/* '~', the end, digits, letters, and then all else. */
static int weight(struct piece s)
{
	unsigned char c = (unsigned char)first(s);

	if (s.n == 0)
		return -1;
	if (is_digit((char)c))
		return 0;
	if (is_letter((char)c))
		return c;
	return c == '~' ? -2 : c + 256;
}

static bool has_other(struct piece s)
{
	return s.n && !is_digit(s.p[0]);
}

static int compare_gnu(struct piece x, struct piece y)
{
	while (x.n || y.n) {
		struct piece a, b;

		while (has_other(x) || has_other(y)) {
			int order = weight(x) - weight(y);

			if (order)
				return sign(order);
			x = from(x, x.n > 0);
			y = from(y, y.n > 0);
		}
		while (first(x) == '0')
			x = from(x, 1);
		while (first(y) == '0')
			y = from(y, 1);
		a = (struct piece){ x.p, span(x, is_digit) };
		b = (struct piece){ y.p, span(y, is_digit) };
		if (a.n != b.n)
			return a.n < b.n ? -1 : 1;
		if (memcmp(a.p, b.p, a.n) != 0)
			return sign(memcmp(a.p, b.p, a.n));
		x = from(x, a.n);
		y = from(y, b.n);
	}
	return 0;
}

int filename_compare_gnu(const char *x, const char *y)
{
	struct piece a = { x, strlen(x) }, b = { y, strlen(y) };
	int order =
		compare_gnu((struct piece){ x, prefix_of(a) }, (struct piece){ y, prefix_of(b) });

	return order ? order : compare_gnu(a, b);
}
