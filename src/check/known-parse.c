/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text to rows. What a row means is known to known-match.c. */
#include "check/known.h"

#include <string.h>

#include "machine/linux-version.h"
#include "machine/text.h"

enum key {
	KEY_NAME = MATCH_COUNT,
	KEY_KIND,
	KEY_DMI,
	KEY_RESULT,
	KEY_REASON,
	KEY_ADVICE,
	KEY_UNBIND,
	KEY_SOURCE,
	KEY_COUNT,
};

static const char *const keys[KEY_COUNT] = {
	[MATCH_MODULE] = "module",
	[MATCH_DRIVER] = "driver",
	[MATCH_CPU] = "cpu",
	[MATCH_CPU_FLAG] = "cpu-flag",
	[MATCH_TREE] = "tree",
	[MATCH_ARCH] = "arch",
	[MATCH_EFI] = "efi",
	[MATCH_BEFORE] = "before",
	[MATCH_CALL] = "call",
	[KEY_NAME] = "name",
	[KEY_KIND] = "kind",
	[KEY_DMI] = "dmi",
	[KEY_RESULT] = "result",
	[KEY_REASON] = "reason",
	[KEY_ADVICE] = "advice",
	[KEY_UNBIND] = "unbind",
	[KEY_SOURCE] = "source",
};

static const char *const kinds[] = {
	[KNOWN_GRAPHICS] = "graphics",
	[KNOWN_DEVICE] = "device",
	[KNOWN_PLATFORM] = "platform",
};

static const enum check_result results[] = { CHECK_NOTE, CHECK_WARN, CHECK_FAIL };

/* A row that is being read: its values by their keys. */
struct draft {
	struct view values[KEY_COUNT]; /* p NULL: not there */
	struct view dmi[KNOWN_DMI_MAX];
	size_t dmi_count;
	bool is_begun;
};

struct parser {
	struct arena *arena;
	struct known *items;
	size_t count, line;
};

static bool wrong(const struct parser *p, struct error *err, const char *what, struct view value)
{
	return fail(err, FAULT_SETTINGS, "line %zu: %s: %.*s", p->line, what,
		(int)view_first(value, 80).n, value.p ? (const char *)value.p : "");
}

static size_t key_of(struct view name)
{
	size_t key = 0;

	while (key < KEY_COUNT && !text_is(name, keys[key]))
		key++;
	return key;
}

/* Values are printed: nothing in them may steer a terminal. */
static bool is_printable(struct view value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < 0x20 || value.p[i] == 0x7f)
			return false;
	return true;
}

static bool take_line(struct parser *p, struct view line, struct draft *draft, struct error *err)
{
	struct view name, value;
	size_t key;

	if (!text_cut(&line, ':', &name))
		return wrong(p, err, "this is no \"KEY: VALUE\"", line);
	key = key_of(name);
	value = text_trim(line);
	if (key == KEY_COUNT)
		return wrong(p, err, "no such key is known", name);
	if (value.n == 0 || !is_printable(value))
		return wrong(p, err, "the value is empty or not text", name);
	draft->is_begun = true;
	if (key == KEY_DMI) {
		if (draft->dmi_count == KNOWN_DMI_MAX)
			return wrong(p, err, "there are too many of these", name);
		draft->dmi[draft->dmi_count++] = value;
		return true;
	}
	if (draft->values[key].p)
		return wrong(p, err, "this key is there twice", name);
	draft->values[key] = value;
	return true;
}

static bool is_name(struct view value)
{
	for (size_t i = 0; i < value.n; i++)
		if (!(value.p[i] >= 'a' && value.p[i] <= 'z') &&
			!(value.p[i] >= '0' && value.p[i] <= '9') && value.p[i] != '-')
			return false;
	return value.n != 0;
}

static bool take_name(struct parser *p, struct view value, struct known *row, struct error *err)
{
	if (!is_name(value))
		return wrong(p, err, "the row that ends here has no name of letters, digits and -",
			value);
	row->name = arena_string(p->arena, value);
	if (!row->name)
		return fail_no_memory(err);
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->items[i].name, row->name) == 0)
			return wrong(p, err, "this name is there twice", value);
	return true;
}

static bool take_kind(
	const struct parser *p, struct view value, struct known *row, struct error *err)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_is(value, kinds[i])) {
			row->kind = (enum known_kind)i;
			return true;
		}
	return wrong(p, err, "the row that ends here has no such kind", value);
}

static bool take_result(
	const struct parser *p, struct view value, struct known *row, struct error *err)
{
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (text_is(value, check_result_name(results[i]))) {
			row->result = results[i];
			return true;
		}
	return wrong(p, err, "the row that ends here has no such result", value);
}

static bool take_texts(
	struct parser *p, const struct draft *draft, struct known *row, struct error *err)
{
	const struct view *values = draft->values;

	if (!values[KEY_REASON].p || !view_has_at(values[KEY_SOURCE], 0, "https://"))
		return wrong(p, err, "the row that ends here has no reason, or no source by https",
			values[KEY_SOURCE]);
	row->reason = arena_string(p->arena, values[KEY_REASON]);
	row->source = arena_string(p->arena, values[KEY_SOURCE]);
	row->advice = values[KEY_ADVICE].p ? arena_string(p->arena, values[KEY_ADVICE]) : NULL;
	row->unbind = arena_string(p->arena, values[KEY_UNBIND]);
	if (!row->reason || !row->source || !row->unbind || (values[KEY_ADVICE].p && !row->advice))
		return fail_no_memory(err);
	return true;
}

static size_t word_count(struct view text)
{
	struct view word;
	size_t count = 0;

	while (text_word(&text, &word))
		count++;
	return count;
}

static bool is_version(const struct parser *p, struct view value)
{
	const char *text = arena_string(p->arena, value);
	unsigned ignored;

	return text && linux_version(text, &ignored);
}

static bool take_matches(
	const struct parser *p, const struct draft *draft, struct known *row, struct error *err)
{
	const struct view *v = draft->values;

	if (!v[MATCH_MODULE].p && !v[MATCH_DRIVER].p && !v[MATCH_CPU].p && !v[MATCH_CPU_FLAG].p &&
		!v[MATCH_TREE].p && draft->dmi_count == 0)
		return wrong(p, err, "the row that ends here is about no driver and no machine",
			v[KEY_NAME]);
	if (v[MATCH_CPU].p && word_count(v[MATCH_CPU]) != 3)
		return wrong(p, err, "this is no vendor, family and model", v[MATCH_CPU]);
	if (v[MATCH_EFI].p && !text_is(v[MATCH_EFI], "yes"))
		return wrong(p, err, "efi is yes or is not there", v[MATCH_EFI]);
	if (v[MATCH_BEFORE].p && !is_version(p, v[MATCH_BEFORE]))
		return wrong(p, err, "this is no version of Linux", v[MATCH_BEFORE]);
	if (v[MATCH_CALL].p && !text_is(v[MATCH_CALL], kexec_call_name(CALL_LOAD)) &&
		!text_is(v[MATCH_CALL], kexec_call_name(CALL_FILE_LOAD)))
		return wrong(p, err, "there is no such call", v[MATCH_CALL]);
	for (size_t i = 0; i < draft->dmi_count; i++) {
		struct view text = draft->dmi[i], field;

		if (!text_cut(&text, ' ', &field) || field.n == 0 || memchr(field.p, '/', field.n))
			return wrong(p, err, "this is no field with its text", draft->dmi[i]);
	}
	memcpy(row->match, v, sizeof row->match);
	memcpy(row->dmi, draft->dmi, sizeof row->dmi);
	row->dmi_count = draft->dmi_count;
	return true;
}

static bool end_row(struct parser *p, struct draft *draft, struct error *err)
{
	struct known row = { 0 }, *grown;

	if (!draft->is_begun)
		return true;
	if (!take_name(p, draft->values[KEY_NAME], &row, err) ||
		!take_kind(p, draft->values[KEY_KIND], &row, err) ||
		!take_result(p, draft->values[KEY_RESULT], &row, err) ||
		!take_texts(p, draft, &row, err) || !take_matches(p, draft, &row, err))
		return false;
	grown = arena_grow(p->arena, p->items, p->count, sizeof *grown);
	if (!grown)
		return fail_no_memory(err);
	grown[p->count++] = row;
	p->items = grown;
	*draft = (struct draft){ 0 };
	return true;
}

bool known_parse(struct view text, struct arena *arena, struct known_rows *ret, struct error *err)
{
	struct parser p = { .arena = arena };
	struct draft draft = { 0 };
	struct view line;

	while (text_line(&text, &line)) {
		bool done = true;

		p.line++;
		if (text_trim(line).n == 0)
			done = end_row(&p, &draft, err);
		else if (line.p[0] != '#')
			done = take_line(&p, line, &draft, err);
		if (!done)
			return false;
	}
	if (!end_row(&p, &draft, err))
		return false;
	*ret = (struct known_rows){ p.items, p.count };
	return true;
}
