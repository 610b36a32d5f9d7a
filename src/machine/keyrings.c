/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line of /proc/keys: "ID FLAGS USAGE EXPIRES PERMISSIONS UID GID TYPE DESCRIPTION". A certificate's key
 * has the type asymmetric, cut short, and its description is "NAME: IDENTIFIER: X509.rsa ...".
 */
#include "machine/keyrings.h"

#include "machine/facts.h"

/* As kernel/kexec_file.c asks them: the first three are one to it, and the last comes after them. */
static const char *const trusted[] = {
	".builtin_trusted_keys",
	".secondary_trusted_keys",
	".machine",
	".platform",
};

bool keyrings_read(const struct source *source, struct arena *arena, struct keyrings *ret)
{
	ret->keys = fact_text(source, arena, "proc/keys");
	ret->rings = fact_text(source, arena, "saut/keyrings");
	return ret->keys.n && ret->rings.n;
}

static const char *trusted_name(struct view name)
{
	for (size_t i = 0; i < sizeof trusted / sizeof *trusted; i++)
		if (text_is(name, trusted[i]))
			return trusted[i];
	return NULL;
}

static const char *revoking_name(struct view name)
{
	static const char blacklist[] = ".blacklist";

	return text_is(name, blacklist) ? blacklist : NULL;
}

static bool contains(struct view text, struct view part)
{
	for (size_t i = 0; part.n <= text.n && i <= text.n - part.n; i++)
		if (view_equal(view_first(view_from(text, i), part.n), part))
			return true;
	return false;
}

/* The line of the key with this number. */
static bool find_line(struct view keys, struct view number, struct view *ret)
{
	struct view line, word, rest;

	while (text_line(&keys, &line)) {
		rest = line;
		if (text_word(&rest, &word) && view_equal(word, number)) {
			*ret = rest;
			return true;
		}
	}
	return false;
}

enum { ID_MAX = 64 };

/* NULL for what is too long for one, or when memory is out. */
static const char *hexadecimal(struct view id, struct arena *arena)
{
	const char *hex = id.n && id.n <= ID_MAX ? "" : NULL;

	for (size_t i = 0; hex && i < id.n; i++)
		hex = arena_printf(arena, "%s%02x", hex, id.p[i]);
	return hex;
}

/* What to find in a key's line. */
struct wanted {
	const char *(*ring)(struct view name); /* NULL for a keyring that does not count */
	const char *type;                      /* as /proc/keys cuts it */
	const char *text;                      /* part of the line */
};

static const char *find(const struct keyrings *keyrings, const struct wanted *wanted)
{
	struct view rings = keyrings->rings, ring, number, line;

	while (wanted->text && text_line(&rings, &ring)) {
		struct view word;
		const char *name = text_word(&ring, &word) ? wanted->ring(word) : NULL;

		while (name && text_word(&ring, &number))
			if (find_line(keyrings->keys, number, &line) &&
				text_has_word(line, wanted->type) &&
				contains(line, view_of_string(wanted->text)))
				return name;
	}
	return NULL;
}

/* ": HEXADECIMAL: X509", as it stands behind the name. */
static struct wanted wanted_key(
	const char *(*ring)(struct view name), struct view id, struct arena *arena)
{
	const char *hex = hexadecimal(id, arena);

	return (struct wanted){ ring, "asymmetri",
		hex ? arena_printf(arena, ": %s: X509", hex) : NULL };
}

const char *keyrings_find(const struct keyrings *keyrings, struct view id, struct arena *arena)
{
	const struct wanted wanted = wanted_key(trusted_name, id, arena);

	return find(keyrings, &wanted);
}

bool keyrings_revoke_key(const struct keyrings *keyrings, struct view id, struct arena *arena)
{
	const struct wanted wanted = wanted_key(revoking_name, id, arena);

	return find(keyrings, &wanted);
}

bool keyrings_revoke_hash(
	const struct keyrings *keyrings, const char *kind, struct view hash, struct arena *arena)
{
	const char *hex = hexadecimal(hash, arena);
	const struct wanted wanted = { revoking_name, "blacklist",
		hex ? arena_printf(arena, "%s:%s", kind, hex) : NULL };

	return find(keyrings, &wanted);
}
