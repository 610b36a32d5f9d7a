/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines, names and text as systemd-boot takes them: facts of its versions 252 to 262, beside UAPI.1.
 * Knows no key.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "entry/bls/bls.h"
#include "machine/text.h"

static bool is_one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

/* A return ends a line as well; a zero byte ends the file. */
static bool cut_line(struct view *text, struct view *ret)
{
	size_t n = 0;

	if (text->n == 0 || text->p[0] == '\0')
		return false;
	while (n < text->n && !is_one_of(text->p[n], "\n\r") && text->p[n])
		n++;
	*ret = view_first(*text, n);
	if (n < text->n && text->p[n])
		n++;
	*text = view_from(*text, n);
	return true;
}

static struct view trim(struct view v)
{
	while (v.n && is_one_of(v.p[0], " \t"))
		v = view_from(v, 1);
	while (v.n && is_one_of(v.p[v.n - 1], " \t"))
		v.n--;
	return v;
}

static struct view unquote(struct view v, const struct bls_rules *rules)
{
	if (v.n == 0 || !is_one_of(v.p[0], rules->has_single_quotes ? "\"'" : "\"") ||
		v.p[v.n - 1] != v.p[0])
		return v;
	return v.n == 1 ? view_from(v, 1) : view_first(view_from(v, 1), v.n - 2);
}

bool bls_line(struct view *text, const char *separators, const struct bls_rules *rules,
	struct view *ret_key, struct view *ret_value)
{
	struct view line;

	while (cut_line(text, &line)) {
		size_t n = 0;

		line = trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		while (n < line.n && !is_one_of(line.p[n], separators))
			n++;
		if (n == line.n)
			continue;
		*ret_key = view_first(line, n);
		while (n < line.n && is_one_of(line.p[n], separators))
			n++;
		*ret_value = unquote(view_from(line, n), rules);
		return true;
	}
	return false;
}

bool bls_is_entry_name(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && name[0] != '.' && strcasecmp(name + n - m, suffix) == 0 &&
		strncasecmp(name, "auto-", 5) != 0;
}

/* As many digits as there are, up to what an int holds. */
static bool counter(struct view v, unsigned *ret)
{
	uint64_t number;

	if (!text_decimal(v, &number) || number > INT32_MAX)
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

const char *bls_lower(struct finder *f, const char *text)
{
	char *s = arena_string(f->arena, view_of_string(text));

	for (char *p = s; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return s;
}

/* The length of a character that UTF-16 has as one unit; 0: it is none, or no UTF-8 at all. */
static size_t character(struct view v)
{
	size_t n = v.p[0] < 0x80 ? 1 : v.p[0] >= 0xc2 && v.p[0] < 0xe0 ? 2 : 3;

	if (n == 3 && (v.p[0] & 0xf0) != 0xe0)
		return 0;
	if (n > v.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((v.p[i] & 0xc0) != 0x80)
			return 0;
	if (v.p[0] == 0xe0 && v.p[1] < 0xa0)
		return 0;
	return v.p[0] == 0xed && v.p[1] >= 0xa0 ? 0 : n;
}

bool bls_text(struct finder *f, struct entry *entry, const char *what, struct view value,
	const char **ret)
{
	for (struct view rest = value; rest.n;) {
		size_t n = character(rest);

		if (!n) {
			finder_obstacle(f, entry,
				"its %s has characters that the boot loader leaves out", what);
			return false;
		}
		rest = view_from(rest, n);
	}
	return finder_text(f, entry, what, value, ret);
}

/* One of the names in the folder, first as it is, then in whatever case. */
static const char *name_in(struct finder *f, const char *folder, struct view name)
{
	const char *const *names;

	if (!finder_list(f, folder, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++)
		if (text_is(name, names[i]))
			return names[i];
	for (size_t i = 0; names[i]; i++)
		if (text_is_any_case(name, names[i]))
			return names[i];
	return NULL;
}

/*
 * The path as it is written there. UAPI.1, "Applications should not expect case sensitivity": the ESP's
 * file system has none.
 */
static const char *correct_case(struct finder *f, const char *base, const char *path)
{
	const char *at = base;

	while (at && *path) {
		size_t n;
		const char *name;

		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 0)
			break;
		name = name_in(f, at, (struct view){ (const uint8_t *)path, n });
		at = name ? arena_printf(f->arena, "%s/%s", at, name) : NULL;
		path += n;
	}
	return at ? at + strlen(base) : NULL;
}

const char *bls_locate(struct finder *f, struct bls_owner owner, const char *what, struct view path)
{
	struct entry tried = { 0 };
	const char *text, *found, *corrected;
	char *slashed;

	if (!bls_text(f, owner.entry, what, path, &text))
		return NULL;
	slashed = arena_string(f->arena, view_of_string(text));
	if (!slashed)
		return NULL;
	for (char *p = slashed; *p; p++)
		if (*p == '\\')
			*p = '/';
	if (slashed[strspn(slashed, "/.")] == '\0') {
		finder_obstacle(f, owner.entry, "its %s \"%s\" is no file", what, slashed);
		return NULL;
	}
	found = finder_locate(f, &tried, owner.root->place, owner.root->path, what, slashed);
	corrected =
		found || strstr(slashed, "..") ? NULL : correct_case(f, owner.root->path, slashed);
	if (corrected)
		found = finder_locate(f, &(struct entry){ 0 }, owner.root->place, owner.root->path,
			what, corrected);
	if (!found)
		finder_obstacle(f, owner.entry, "%s", tried.obstacle);
	return found;
}
