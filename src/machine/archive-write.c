/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "machine/archive.h"

enum { COLUMNS = 16, HEX_MAX = 2 << 20 };

/* Ends with a line's end, has nothing that does not print, and no line that would begin the next file. */
static bool is_text(struct view v)
{
	if (v.n && (v.p[v.n - 1] != '\n' || view_has_at(v, 0, "=== ")))
		return false;
	for (size_t i = 0; i < v.n; i++)
		if ((v.p[i] < ' ' && v.p[i] != '\n' && v.p[i] != '\t') || v.p[i] > '~' ||
			(v.p[i] == '\n' && view_has_at(v, i + 1, "=== ")))
			return false;
	return true;
}

/* Without the zeros at its end, which the size stands for. */
static size_t length_to_spell(struct view v)
{
	size_t n = v.n;

	while (n && v.n <= HEX_MAX && !v.p[n - 1])
		n--;
	return n;
}

struct writing {
	char *to; /* NULL: it is only counted */
	size_t n;
};

static void put(struct writing *w, const void *bytes, size_t n)
{
	if (w->to)
		memcpy(w->to + w->n, bytes, n);
	w->n += n;
}

static void put_string(struct writing *w, const char *text)
{
	put(w, text, strlen(text));
}

static void put_hex(struct writing *w, struct view v)
{
	const size_t n = length_to_spell(v);
	char byte[4];

	for (size_t i = 0; i < n; i++) {
		snprintf(byte, sizeof byte, "%02x%c", v.p[i],
			i % COLUMNS == COLUMNS - 1 || i + 1 == n ? '\n' : ' ');
		put(w, byte, 3);
	}
}

static void put_file(struct writing *w, const struct archive_file *file)
{
	char form[40] = "";
	const bool text = is_text(file->bytes);

	if (file->is_unreadable)
		snprintf(form, sizeof form, " unreadable");
	else if (!text && file->bytes.n <= HEX_MAX)
		snprintf(form, sizeof form, " hex %zu", file->bytes.n);
	else if (!text)
		snprintf(form, sizeof form, " hex");
	put_string(w, "=== ");
	put_string(w, file->path);
	put_string(w, form);
	put_string(w, "\n");
	if (text)
		put(w, file->bytes.p, file->bytes.n);
	else
		put_hex(w, file->bytes);
}

static void put_all(
	struct writing *w, const struct archive_file *files, size_t count, const char *about)
{
	put_string(w, "saut-machine 1\n");
	put_string(w, about);
	put_string(w, "\n");
	for (size_t i = 0; i < count; i++)
		put_file(w, &files[i]);
}

const char *archive_write(
	const struct archive_file *files, size_t count, const char *about, struct arena *arena)
{
	struct writing counted = { 0 }, written = { 0 };

	put_all(&counted, files, count, about);
	written.to = arena_alloc(arena, (uint64_t)counted.n + 1);
	if (!written.to)
		return NULL;
	put_all(&written, files, count, about);
	return written.to;
}
