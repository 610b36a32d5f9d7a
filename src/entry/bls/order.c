/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which of the entries of UAPI.1 comes first ("Sorting", "Boot counting"), and which a pattern of
 * loader.conf(5) means.
 */
#include <string.h>

#include "entry/bls/bls.h"
#include "entry/version.h"

static bool is_bad(const struct entry *entry)
{
	return entry->is_counted && entry->tries_left == 0;
}

static int by_number(unsigned x, unsigned y)
{
	return (x > y) - (x < y);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* Both have a sort key. */
static int by_key(const struct bls_item *x, const struct bls_item *y)
{
	int order = strcmp(x->sort_key, y->sort_key);

	if (!order)
		order = strcmp(or_empty(x->machine_id), or_empty(y->machine_id));
	return order ? order : version_compare_in_menu(or_empty(y->version), or_empty(x->version));
}

int bls_compare(const struct bls_item *x, const struct bls_item *y, const struct bls_rules *rules)
{
	const struct entry *a = &x->entry, *b = &y->entry;
	int order = is_bad(a) - is_bad(b);

	if (!order && rules->has_sort_keys)
		order = !x->sort_key - !y->sort_key;
	if (!order && rules->has_sort_keys && x->sort_key)
		order = by_key(x, y);
	if (!order)
		order = version_compare_in_menu(y->id, x->id);
	if (!order && a->is_counted && b->is_counted)
		order = by_number(b->tries_left, a->tries_left);
	if (!order && a->is_counted && b->is_counted)
		order = by_number(a->tries_done, b->tries_done);
	return order;
}

/*
 * Of "[set]": *pattern is moved behind it. The first ']' is a member, a backslash takes the next
 * character as it is, ranges are not chained, and nothing negates. False also where none closes it.
 */
static bool in_set(const char **pattern, char c)
{
	bool found = false, may_range = true;
	const char *p = *pattern + 1;

	for (bool first = true; *p && (*p != ']' || first); p++, first = false) {
		if (*p == '\\') {
			if (!*++p)
				return false;
			found |= *p == c;
			may_range = true;
		} else if (*p == '-' && may_range && !first && p[1] != ']') {
			char low = p[-1];

			p += p[1] == '\\' ? 2 : 1;
			if (!*p)
				return false;
			found |= low <= c && c <= *p;
			may_range = false;
		} else {
			found |= *p == c;
			may_range = true;
		}
	}
	*pattern = p + 1;
	return *p && found;
}

static bool matches_one(const char **pattern, char c)
{
	char p = **pattern;

	if (p == '[')
		return in_set(pattern, c);
	if (p == '?') {
		++*pattern;
		return true;
	}
	if (p == '\\' && !(p = *++*pattern))
		return false;
	++*pattern;
	return p == c;
}

/* A star takes as little as possible, and more when the rest does not fit: no recursion. */
bool bls_matches(const char *pattern, const char *name)
{
	const char *star = NULL, *taken = NULL;

	while (*name) {
		const char *p = pattern;

		if (*p == '*') {
			star = ++pattern;
			taken = name;
		} else if (*p && matches_one(&p, *name)) {
			pattern = p;
			name++;
		} else if (star) {
			pattern = star;
			name = ++taken;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}
