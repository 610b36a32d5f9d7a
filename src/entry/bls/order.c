/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which of the entries of UAPI.1 comes first, and which one a boot loader with the Boot Loader
 * Interface of systemd would take: "Sorting", "Boot counting"; loader.conf(5).
 */
#include <stdlib.h>
#include <string.h>

#include "entry/bls/bls.h"
#include "entry/version.h"
#include "machine/text.h"

/* One to three digits, or however many: what does not fit is no counter. */
static bool counter(struct view v, unsigned *ret)
{
	uint64_t number;

	if (!text_decimal(v, &number) || number > 1000000)
		return false;
	*ret = (unsigned)number;
	return true;
}

const char *bls_uncount(struct finder *f, const char *name, struct entry *entry)
{
	const char *plus = strrchr(name, '+');
	struct view counters, left;
	unsigned tries_left, tries_done = 0;

	if (!plus || plus == name)
		return name;
	counters = view_of_string(plus + 1);
	if (!text_cut(&counters, '-', &left)) {
		left = counters;
		counters = view_of_string("0");
	}
	if (!counter(left, &tries_left) || !counter(counters, &tries_done))
		return name;
	entry->is_counted = true;
	entry->tries_left = tries_left;
	entry->tries_done = tries_done;
	return arena_string(f->arena, view_first(view_of_string(name), (uint64_t)(plus - name)));
}

static bool is_bad(const struct entry *entry)
{
	return entry->is_counted && entry->tries_left == 0;
}

static int by_number(unsigned x, unsigned y)
{
	return (x > y) - (x < y);
}

/* Both have a sort key. */
static int by_key(const struct entry *x, const struct entry *y)
{
	int order = strcmp(x->sort_key, y->sort_key);

	if (!order)
		order = strcmp(x->machine_id, y->machine_id);
	return order ? order : version_compare(y->version, x->version);
}

int bls_compare(const void *p, const void *q)
{
	const struct entry *x = p, *y = q;
	bool x_key = x->sort_key[0] != '\0', y_key = y->sort_key[0] != '\0';
	int order = is_bad(x) - is_bad(y);

	if (!order)
		order = y_key - x_key;
	if (!order && x_key)
		order = by_key(x, y);
	if (!order)
		order = version_compare(y->id, x->id);
	if (!order && x->is_counted && y->is_counted)
		order = by_number(y->tries_left, x->tries_left);
	if (!order && x->is_counted && y->is_counted)
		order = by_number(x->tries_done, y->tries_done);
	/* The same everywhere, whatever qsort does with equal ones. */
	if (!order)
		order = strcmp(x->id, y->id);
	return order ? order : strcmp(x->file, y->file);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Of "[set]"; *pattern is moved behind it, or behind the '[' where nothing closes it. */
static bool in_set(const char **pattern, char c)
{
	const char *p = *pattern + 1, *end;
	bool negated = *p == '!' || *p == '^', found = false;

	p += negated;
	end = p[0] ? strchr(p + 1, ']') : NULL;
	if (!end) {
		++*pattern;
		return c == '[';
	}
	for (; p < end; p++) {
		bool is_range = p + 2 < end && p[1] == '-';

		found |= is_range ? lower(c) >= lower(p[0]) && lower(c) <= lower(p[2])
				  : lower(c) == lower(p[0]);
		p += is_range ? 2 : 0;
	}
	*pattern = end + 1;
	return found != negated;
}

static bool matches_one(const char **pattern, char c)
{
	char p = **pattern;

	if (p == '[')
		return in_set(pattern, c);
	if (p == '\\' && (*pattern)[1])
		p = *++*pattern;
	else if (p == '?')
		p = c;
	++*pattern;
	return lower(p) == lower(c);
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

/* Ids with and without their suffix: boot loaders write the one, people the other. */
static bool find_id(struct finder *f, size_t first, size_t count, const char *pattern, size_t *ret)
{
	if (!pattern || strlen(pattern) > FINDER_PATH_MAX)
		return false;
	for (size_t i = first; i < first + count; i++) {
		const struct entry *entry = &f->entries[i];
		const char *full = entry->kind == ENTRY_UKI
			? entry->id
			: arena_printf(f->arena, "%s.conf", entry->id);

		if (!full || (!bls_matches(pattern, full) && !bls_matches(pattern, entry->id)))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* loader.conf's default. */
static const char *configured(struct finder *f)
{
	static const char *const files[] = { "/boot/loader/loader.conf", "/efi/loader/loader.conf",
		"/boot/efi/loader/loader.conf" };
	struct view text, line, key;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (!finder_read(f, files[i], &text))
			continue;
		while (text_line(&text, &line))
			if (text_word(&line, &key) && text_is(key, "default"))
				return arena_string(f->arena, text_trim(line));
	}
	return NULL;
}

static const char *resolve_saved(struct finder *f, const char *pattern)
{
	return pattern && strcmp(pattern, "@saved") == 0
		? finder_loader_variable(f, "LoaderEntryLastBooted")
		: pattern;
}

bool bls_default(struct finder *f, size_t first, size_t count, size_t *ret)
{
	if (find_id(f, first, count, finder_loader_variable(f, "LoaderEntryOneShot"), ret) ||
		find_id(f, first, count,
			resolve_saved(f, finder_loader_variable(f, "LoaderEntryDefault")), ret) ||
		find_id(f, first, count, resolve_saved(f, configured(f)), ret))
		return true;
	for (size_t i = first; i < first + count; i++) {
		if (f->entries[i].arch != ARCH_UNKNOWN && f->arch != ARCH_UNKNOWN &&
			f->entries[i].arch != f->arch)
			continue; /* a boot loader does not show it */
		*ret = i;         /* bad ones come last: one is taken only where all are bad */
		return true;
	}
	return false;
}
