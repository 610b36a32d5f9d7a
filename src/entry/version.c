/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares strings; knows of no kernel. The numbers in comments are the steps of the specification. */
#include "entry/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 1. */
static const char *skip_separators(const char *s)
{
	while (*s && !is_digit(*s) && !is_letter(*s) && !strchr("-.~^", *s))
		s++;
	return s;
}

static size_t span(const char *s, bool (*is)(char))
{
	size_t n = 0;

	while (is(s[n]))
		n++;
	return n;
}

static int sign(long long n)
{
	return (n > 0) - (n < 0);
}

/* 7. A number of any length: without zeros in front, the longer one is larger. */
static int compare_numbers(const char **a, const char **b, bool nothing_is_older)
{
	size_t x, y;
	int order = nothing_is_older ? is_digit(**a) - is_digit(**b) : 0;

	if (order)
		return order;
	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	x = span(*a, is_digit);
	y = span(*b, is_digit);
	if (x != y)
		return x < y ? -1 : 1;
	order = memcmp(*a, *b, x);
	*a += x;
	*b += y;
	return sign(order);
}

/* 8. */
static int compare_letters(const char **a, const char **b)
{
	size_t x = span(*a, is_letter), y = span(*b, is_letter);
	int order = memcmp(*a, *b, x < y ? x : y);

	if (order)
		return sign(order);
	*a += x;
	*b += y;
	return (x > y) - (x < y);
}

/* 2., 4. to 6.: of two strings, the one with the mark is older; where both have it, it is skipped. */
static int compare_mark(const char **a, const char **b, char mark)
{
	bool x = **a == mark, y = **b == mark;

	if (x && y) {
		++*a;
		++*b;
	}
	return y - x;
}

static int compare_marks(const char **a, const char **b)
{
	static const char marks[] = "-^.";
	int order = 0;

	for (const char *mark = marks; *mark && !order; mark++)
		order = compare_mark(a, b, *mark);
	return order;
}

static int compare(const char *a, const char *b, bool nothing_is_older)
{
	for (;;) {
		int order;

		a = skip_separators(a);
		b = skip_separators(b);
		order = compare_mark(&a, &b, '~');
		if (order)
			return order;
		if (!*a || !*b) /* 3. */
			return (*a != '\0') - (*b != '\0');
		order = compare_marks(&a, &b);
		if (order)
			return order;
		order = is_digit(*a) || is_digit(*b) ? compare_numbers(&a, &b, nothing_is_older)
						     : compare_letters(&a, &b);
		if (order)
			return order;
	}
}

int version_compare(const char *a, const char *b)
{
	return compare(a, b, false);
}

int version_compare_in_menu(const char *a, const char *b)
{
	return compare(a, b, true);
}
