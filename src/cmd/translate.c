/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/translate.h"

#include <langinfo.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/field-names.h"

static const char domain[] = "saut";

enum {
	TEXT_MAX = 2048,
	CAPTURES_MAX = 12,
	DEPTH_MAX = 6,     /* a sentence in a sentence */
	JOINTS_MAX = 4,    /* a sentence beside a sentence */
	TRIES_MAX = 20000, /* places where a part of one sentence may end */
	NAMES_MAX = 16,
};

/* What a format becomes in base/error.c. */
enum made {
	MADE_WHOLE,
	MADE_BEFORE, /* context, with the reason behind it */
	MADE_BEHIND, /* what more there is to say */
	MADE_ERRNO,  /* with ": " and an error of the system behind it */
};

struct pattern {
	const char *format;
	enum made made;
};

/* The most telling first. */
static const struct pattern patterns[] = {
#include "cmd/patterns.inc"
};

/* One conversion of a format in a text that it has made. */
struct capture {
	const char *start;
	size_t n;
	bool is_text;
};

struct match {
	struct capture captures[CAPTURES_MAX];
	size_t count;
	unsigned tries;
};

/* Translated text, cut where there is no room: TEXT_MAX is more than any error or note has. */
struct buffer {
	char text[TEXT_MAX];
	size_t used;
};

static void add(struct buffer *b, const char *text, size_t n)
{
	size_t room = sizeof b->text - 1 - b->used;

	n = n < room ? n : room;
	memcpy(b->text + b->used, text, n);
	b->used += n;
	b->text[b->used] = '\0';
}

void translate_find_catalogues(void)
{
	char path[TEXT_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof "../share/locale");
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		strcpy(slash, "/../share/locale");
	bindtextdomain(domain, slash && access(path, F_OK) == 0 ? path : SAUT_LOCALEDIR);
	bind_textdomain_codeset(domain, "UTF-8");
}

void translation_begin(struct translation *ret)
{
	*ret = (struct translation){ .user = newlocale(
					     LC_CTYPE_MASK | LC_MESSAGES_MASK, "", (locale_t)0) };
	if (!ret->user)
		return;
	ret->before = uselocale(ret->user);
	/* A catalogue's header is the translation of the empty text. */
	ret->is_on = strcmp(nl_langinfo_l(CODESET, ret->user), "UTF-8") == 0 &&
		dgettext(domain, "")[0] != '\0';
}

void translation_end(struct translation *t)
{
	if (!t->user)
		return;
	uselocale(t->before);
	freelocale(t->user);
}

/* The translation of exactly this; NULL: there is none. */
static const char *find(const char *text)
{
	const char *found = text[0] ? dgettext(domain, text) : text;

	return found == text ? NULL : found;
}

const char *translated_format(const struct translation *t, const char *format)
{
	const char *found = t->is_on ? find(format) : NULL;

	return found ? found : format;
}

/* Puts the names of fields in the place of "{field}", in the user's language. */
static void spell(const char *text, bool is_translation, char ret[static TEXT_MAX])
{
	struct field_name own[NAMES_MAX];
	struct field_names names = { command_field_names.prefix, own, command_field_names.count };
	struct buffer marked = { 0 };

	for (size_t i = 0; i < names.count && i < NAMES_MAX; i++) {
		const char *name = is_translation ? find(command_field_names.own[i].name) : NULL;

		own[i] = command_field_names.own[i];
		own[i].name = name ? name : own[i].name;
	}
	while (*text) {
		size_t n = strcspn(text, "{");
		size_t name =
			text[n] ? strspn(text + n + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

		add(&marked, text, n);
		text += n;
		if (name && text[name + 1] == '}') {
			add(&marked, "\001", 1);
			add(&marked, text + 1, name);
			add(&marked, "\001", 1);
			text += name + 2;
		} else if (*text) {
			add(&marked, text++, 1);
		}
	}
	fields_spell(&names, marked.text, ret, TEXT_MAX);
}

/* Behind a "%": where the conversion ends. *ret_number is N of "N$", or 0. */
static const char *end_of_conversion(const char *format, unsigned *ret_number)
{
	size_t digits = strspn(format, "0123456789");

	*ret_number = 0;
	if (digits && format[digits] == '$') {
		*ret_number = (unsigned)strtoul(format, NULL, 10);
		format += digits + 1;
	}
	format += strspn(format, "-+ #0123456789.*hlzj");
	return *format ? format + 1 : format;
}

static size_t longest(const char *text, char kind)
{
	return kind == 's'    ? strlen(text)
		: kind == 'c' ? text[0] != '\0'
		: kind == 'x' ? strspn(text, "0123456789abcdefx")
			      : strspn(text, "0123456789.-");
}

/* Whether format may have made all of text, and of what; the parts are as short as they can be. */
static bool matches(const char *format, const char *text, struct match *m)
{
	const char *rest;
	unsigned number;
	char kind, before = '\0';

	while (*format && *format != '%') {
		before = *format;
		if (*format++ != *text++)
			return false;
	}
	if (!*format)
		return !*text;
	rest = end_of_conversion(format + 1, &number);
	kind = rest[-1];
	if (kind == '%')
		return *text == '%' && matches(rest, text + 1, m);
	if (m->count == CAPTURES_MAX)
		return false;
	for (size_t n = kind == 's' ? 0 : 1, max = longest(text, kind); n <= max; n++) {
		const size_t count = m->count;

		if (m->tries++ > TRIES_MAX)
			return false;
		/* The value of a setting, and what stands in quotes, are typed as they are. */
		m->captures[m->count++] =
			(struct capture){ text, n, kind == 's' && before != '=' && before != '"' };
		if (matches(rest, text + n, m))
			return true;
		m->count = count;
	}
	return false;
}

static bool translate(const char *text, unsigned depth, struct buffer *ret);

/* A part of a sentence: a sentence of its own, an error of the system, or a name that stays as it is. */
static void put_part(const struct capture *c, unsigned depth, struct buffer *ret)
{
	char part[TEXT_MAX];
	const char *error;

	snprintf(part, sizeof part, "%.*s", (int)c->n, c->start);
	if (!c->is_text || translate(part, depth + 1, ret)) {
		if (!c->is_text)
			add(ret, c->start, c->n);
		return;
	}
	error = part[0] ? dgettext("libc", part) : part;
	add(ret, error, strlen(error));
}

/* The parts of m in the places that the translation of their format has for them. */
static void put_parts(const char *format, const struct match *m, unsigned depth, struct buffer *ret)
{
	size_t next = 0;

	while (*format) {
		size_t n = strcspn(format, "%");
		unsigned number;

		add(ret, format, n);
		format += n;
		if (!*format)
			break;
		format = end_of_conversion(format + 1, &number);
		if (format[-1] == '%')
			add(ret, "%", 1);
		else if ((number ? number - 1 : next++) < m->count)
			put_part(&m->captures[number ? number - 1 : next - 1], depth, ret);
	}
}

/* What else is in a text beside what the format itself has made. */
static void around(const struct pattern *p, const char *own, char ret[static TEXT_MAX])
{
	static const char *const shapes[][2] = {
		[MADE_WHOLE] = { "", "" },
		[MADE_BEFORE] = { "", "%s" },
		[MADE_BEHIND] = { "%s", "" },
		[MADE_ERRNO] = { "", ": %s" },
	};
	struct buffer all = { 0 };

	add(&all, shapes[p->made][0], strlen(shapes[p->made][0]));
	add(&all, own, strlen(own));
	add(&all, shapes[p->made][1], strlen(shapes[p->made][1]));
	memcpy(ret, all.text, all.used + 1);
}

static bool translate_by(
	const struct pattern *p, const char *text, unsigned depth, struct buffer *ret)
{
	char own[TEXT_MAX], whole[TEXT_MAX];
	const char *found;
	struct match m = { .count = 0 };

	/* Most begin otherwise, which is soon seen. */
	if (p->made != MADE_BEHIND && !strchr("%{", p->format[0]) && p->format[0] != text[0])
		return false;
	spell(p->format, false, own);
	around(p, own, whole);
	if (!matches(whole, text, &m))
		return false;
	found = find(p->format);
	if (!found)
		return false;
	spell(found, true, own);
	around(p, own, whole);
	put_parts(whole, &m, depth, ret);
	return true;
}

/* Sentences that were joined, as the steps of a hint are: where all are sentences. */
static bool translate_joined(const char *text, unsigned depth, struct buffer *ret)
{
	static const char *const joints[] = { "; ", ": ", ", or ", ", " };
	const size_t used = ret->used;

	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
		const size_t n = strlen(joints[i]);

		for (const char *at = text; (at = strstr(at, joints[i])); at += n) {
			const char *joint = find(joints[i]);
			char head[TEXT_MAX];

			snprintf(head, sizeof head, "%.*s", (int)(at - text), text);
			if (translate(head, depth + 1, ret)) {
				joint = joint ? joint : joints[i];
				add(ret, joint, strlen(joint));
				if (translate(at + n, depth + 1, ret))
					return true;
			}
			ret->used = used;
			ret->text[used] = '\0';
		}
	}
	return false;
}

/* Appends the translation; false, and nothing: there is none. */
static bool translate(const char *text, unsigned depth, struct buffer *ret)
{
	const char *found = find(text);

	if (found) {
		add(ret, found, strlen(found));
		return true;
	}
	/* Names have none. */
	if (depth == DEPTH_MAX || !strchr(text, ' '))
		return false;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (translate_by(&patterns[i], text, depth, ret))
			return true;
	return depth < JOINTS_MAX && translate_joined(text, depth, ret);
}

char *translated(const struct translation *t, const char *text)
{
	struct buffer b = { 0 };

	return t->is_on && translate(text, 0, &b) ? strdup(b.text) : NULL;
}
