/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What systemd-boot was told to take: loader.conf(5), and the EFI variables of "The Boot Loader
 * Interface". Knows no entry.
 */
#include <string.h>

#include "entry/bls/bls.h"
#include "machine/text.h"

enum { VARIABLE_MAX = 65536, ATTRIBUTES = 4 };

static bool read_variable(struct finder *f, const char *name, struct view *ret)
{
	static const char vendor[] = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
	const char *path = arena_printf(f->arena, "/sys/firmware/efi/efivars/%s-%s", name, vendor);

	return path && finder_read(f, path, ret);
}

/* UTF-16LE up to a zero or the end, of which only ASCII is understood; NULL: it is not. */
static char *cut_text(struct finder *f, struct view *bytes)
{
	char *text = arena_alloc(f->arena, bytes->n / 2 + 1);
	size_t n = 0;

	while (text && bytes->n >= 2) {
		uint8_t low = bytes->p[0], high = bytes->p[1];

		*bytes = view_from(*bytes, 2);
		if (!low && !high)
			break;
		if (high || low < ' ' || low > '~')
			return NULL;
		text[n++] = (char)low;
	}
	return text;
}

const char *bls_variable(struct finder *f, const char *name, const char **ret_doubt)
{
	struct view bytes;
	const char *text;

	if (!read_variable(f, name, &bytes))
		return NULL;
	text = NULL;
	if (bytes.n >= ATTRIBUTES && bytes.n <= VARIABLE_MAX) {
		bytes = view_from(bytes, ATTRIBUTES);
		text = cut_text(f, &bytes);
	}
	if (!text)
		*ret_doubt = arena_printf(f->arena, "the EFI variable %s is not understood", name);
	return text && text[0] ? text : NULL;
}

const char *const *bls_listed_ids(struct finder *f)
{
	const char **ids = NULL;
	size_t count = 0;
	struct view bytes;

	if (!read_variable(f, "LoaderEntries", &bytes) || bytes.n < ATTRIBUTES ||
		bytes.n > VARIABLE_MAX)
		return NULL;
	bytes = view_from(bytes, ATTRIBUTES);
	while (bytes.n >= 2) {
		const char *id = cut_text(f, &bytes);
		const char **grown = id ? arena_grow(f->arena, ids, count, sizeof *ids) : NULL;

		if (!grown)
			return NULL;
		ids = grown;
		ids[count++] = id;
	}
	ids = arena_grow(f->arena, ids, count, sizeof *ids);
	if (ids)
		ids[count] = NULL;
	return ids;
}

/* Folded; NULL with a doubt where it has characters that are compared otherwise. */
static const char *pattern_of(struct finder *f, struct view value, struct bls_wishes *wishes)
{
	const char *text;

	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < ' ' || value.p[i] > '~')
			wishes->doubt = "loader.conf has a pattern that is not plain text";
	text = finder_title(f, value);
	return text ? bls_lower(f, text) : NULL;
}

/* Of a key that is there twice the last counts; other names with an at sign are passed over. */
static void read_conf(
	struct finder *f, struct view text, const struct bls_rules *rules, struct bls_wishes *ret)
{
	struct view key, value;

	while (bls_line(&text, " \t", rules, &key, &value)) {
		const char **wish = text_is(key, "default") ? &ret->chosen
			: text_is(key, "preferred")         ? &ret->preferred
							    : NULL;

		if (wish && !(value.n && value.p[0] == '@' && !text_is_any_case(value, "@saved")))
			*wish = pattern_of(f, value, ret);
	}
}

static const char *folded_variable(struct finder *f, const char *name, const char **ret_doubt)
{
	const char *text = bls_variable(f, name, ret_doubt);

	return text ? bls_lower(f, text) : NULL;
}

/* The boot loader reads that of its own partition alone. */
static void read_confs(struct finder *f, const struct bls_roots *roots,
	const struct bls_rules *rules, struct bls_wishes *ret)
{
	struct view first = { 0 }, text;

	for (size_t i = 0; i < roots->count; i++) {
		const struct bls_root *root = &roots->items[i];
		const char *path = arena_printf(f->arena, "%s/loader/loader.conf", root->path);

		if (root->partition == BLS_XBOOTLDR || !path || !finder_read(f, path, &text))
			continue;
		if (!first.p) {
			first = text;
			read_conf(f, text, rules, ret);
		} else if (!view_equal(first, text)) {
			ret->doubt = "there are two files loader.conf, and nothing tells which one "
				     "the boot loader reads";
		}
		if (root->partition == BLS_ESP)
			return;
	}
}

void bls_read_wishes(struct finder *f, const struct bls_roots *roots, const struct bls_rules *rules,
	struct bls_wishes *ret)
{
	*ret = (struct bls_wishes){ .doubt = roots->doubt };
	read_confs(f, roots, rules, ret);
	ret->one_shot = folded_variable(f, "LoaderEntryOneShot", &ret->doubt);
	ret->preferred_now = folded_variable(f, "LoaderEntryPreferred", &ret->doubt);
	ret->default_now = folded_variable(f, "LoaderEntryDefault", &ret->doubt);
	ret->saved = bls_variable(f, "LoaderEntryLastBooted", &ret->doubt);
}
