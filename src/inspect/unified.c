/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sections of a UKI by the profiles that they belong to (UAPI.5). */
#include "inspect/inspect.h"

#include <string.h>

#include "image/pe.h"
#include "machine/text.h"

#define PROFILE ".profile"

/* Of lines as in os-release: without the quotes that may be around it. "" where it has none. */
static const char *value_of(struct view text, const char *key, struct arena *arena)
{
	struct view value = { 0 };

	if (text_value(text, key, '=', &value) && value.n >= 2 &&
		(value.p[0] == '"' || value.p[0] == '\'') && value.p[value.n - 1] == value.p[0])
		value = view_from(view_first(value, value.n - 1), 1);
	return arena_string(arena, value);
}

static struct view without_zeros(struct view text)
{
	while (text.n && text.p[text.n - 1] == 0)
		text.n--;
	return text;
}

struct collection {
	struct arena *arena;
	struct inspect_profile *profiles;
	size_t count;
	struct inspect_section *sections; /* of all of them, one behind the other */
	size_t used;
};

static bool begin_profile(struct collection *c, struct view text, struct error *err)
{
	struct inspect_profile *profile = &c->profiles[c->count++];

	text = without_zeros(text);
	profile->id = value_of(text, "ID", c->arena);
	profile->title = value_of(text, "TITLE", c->arena);
	profile->sections = &c->sections[c->used];
	return profile->id && profile->title ? true : fail_no_memory(err);
}

static bool add(struct collection *c, const struct pe_section *section, struct error *err)
{
	const char *name = arena_string(c->arena, view_of_string(section->name));

	if (!name)
		return fail_no_memory(err);
	if (strcmp(name, PROFILE) == 0 && !begin_profile(c, section->data, err))
		return false;
	c->sections[c->used++] = (struct inspect_section){ name, section->data.n };
	c->profiles[c->count - 1].count++;
	return true;
}

bool inspect_unified(const struct image *uki, struct arena *arena, struct inspect_unified *ret,
	struct error *err)
{
	struct collection c = { .arena = arena };
	struct pe pe;

	if (!pe_parse(uki->bytes, &pe, err))
		return false;
	c.profiles = arena_alloc_array(arena, pe.section_count + 1, sizeof *c.profiles);
	c.sections = arena_alloc_array(arena, pe.section_count + 1, sizeof *c.sections);
	if (!c.profiles || !c.sections)
		return fail_no_memory(err);
	if (!begin_profile(&c, (struct view){ 0 }, err))
		return false;
	for (size_t i = 0; i < pe.section_count; i++) {
		struct pe_section section;

		if (!pe_section(&pe, i, &section, err) || !add(&c, &section, err))
			return false;
	}
	*ret = (struct inspect_unified){ c.profiles, c.count, uki->uki.command_line };
	return true;
}
