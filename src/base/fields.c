/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/fields.h"

#include <stdio.h>
#include <string.h>

enum { MARK = '\001', TEXT_MAX = 1024 };

static const char *own_name(const struct field_names *names, const char *name, size_t n)
{
	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->own[i].field) == n && strncmp(names->own[i].field, name, n) == 0)
			return names->own[i].name;
	return NULL;
}

static size_t put(char *ret, size_t size, const char *text, size_t n)
{
	n = n < size ? n : size - 1;
	memcpy(ret, text, n);
	ret[n] = '\0';
	return n;
}

/* A mark without its other half, in a text that was cut, is left out. */
void fields_spell(const struct field_names *names, const char *text, char *ret, size_t size)
{
	size_t at = put(ret, size, "", 0);

	while (*text) {
		size_t n = strcspn(text, FIELD("")), length;
		const char *end, *own;

		at += put(ret + at, size - at, text, n);
		text += n;
		if (!*text)
			break;
		end = strchr(++text, MARK);
		if (!end)
			continue;
		length = (size_t)(end - text);
		own = own_name(names, text, length);
		if (own) {
			at += put(ret + at, size - at, own, strlen(own));
		} else {
			at += put(ret + at, size - at, names->prefix, strlen(names->prefix));
			at += put(ret + at, size - at, text, length);
		}
		text = end + 1;
	}
}

void fields_spell_error(const struct field_names *names, struct error *err)
{
	char text[ERROR_REASON_MAX];

	fields_spell(names, err->reason, text, sizeof text);
	memcpy(err->reason, text, strlen(text) + 1);
}

/* Where memory is out, the note stays as it was: nothing of it is lost. */
void fields_spell_notes(const struct field_names *names, struct notes *notes)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < notes->count; i++) {
		const char *spelled;

		if (!strchr(notes->items[i], MARK))
			continue;
		fields_spell(names, notes->items[i], text, sizeof text);
		spelled = arena_printf(notes->arena, "%s", text);
		if (spelled)
			notes->items[i] = spelled;
	}
}
