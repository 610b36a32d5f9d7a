/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses an archive and is a source of its files; knows nothing of what any file means. */
#include "machine/archive.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "machine/text.h"

#define FIRST_LINE "saut-machine 1"
#define MARK       "=== "

enum {
	ARCHIVE_FILES_MAX = 65536,
	ARCHIVE_FILE_MAX = 2 << 20, /* bytes that a file may say it has: as a device tree may */
	NAME_SHOWN = 60,            /* bytes of a bad name that an error shows */
};

/* By its first line. */
static bool is_archive(struct view text)
{
	struct view line;

	return text_line(&text, &line) && text_is(text_trim(line), FIRST_LINE);
}

/* Pairs of digits, with blanks and newlines anywhere between them; then zeros up to size. */
static bool decode_hex(struct view text, uint64_t size, struct arena *arena, struct view *ret)
{
	uint8_t *bytes = arena_alloc(arena, (size_t)max_u64(size, text.n / 2 + 1));
	struct view word;
	size_t n = 0;

	while (bytes && text_word(&text, &word)) {
		for (; word.n; word = view_from(word, 2)) {
			uint64_t byte;

			if (word.n < 2 || !text_hex(view_first(word, 2), &byte))
				return false;
			bytes[n++] = (uint8_t)byte;
		}
	}
	*ret = (struct view){ bytes, (size_t)max_u64(size, n) };
	return bytes != NULL;
}

/* Cuts off *text what lies before the next name. */
static struct view cut_body(struct view *text)
{
	struct view whole = *text, line;

	while (text->n && !view_has_at(*text, 0, MARK))
		(void)text_line(text, &line);
	return view_first(whole, whole.n - text->n);
}

static bool bad_name(struct view line, struct error *err)
{
	struct view shown = view_first(line, NAME_SHOWN);

	return fail(err, FAULT_MACHINE_UNREADABLE, "archive: \"%.*s\" is no name of a file",
		(int)shown.n, (const char *)shown.p);
}

/* "", "hex", "hex SIZE" or "unreadable" behind the name. */
static bool parse_form(struct view rest, bool *ret_unreadable, bool *ret_hex, uint64_t *ret_size)
{
	struct view word;

	*ret_size = 0;
	*ret_unreadable = text_is(text_trim(rest), "unreadable");
	*ret_hex = false;
	if (*ret_unreadable)
		return true;
	*ret_hex = text_word(&rest, &word);
	if (!*ret_hex)
		return true;
	if (!text_is(word, "hex"))
		return false;
	return !text_word(&rest, &word) ||
		(text_decimal(word, ret_size) && *ret_size <= ARCHIVE_FILE_MAX &&
			text_trim(rest).n == 0);
}

/* The line with the name, and everything up to the next one. */
static bool parse_file(
	struct view *text, struct arena *arena, struct archive_file *ret, struct error *err)
{
	struct view line, rest, path, body;
	uint64_t size;
	bool hex;

	(void)text_line(text, &line);
	rest = view_from(line, strlen(MARK));
	if (!text_word(&rest, &path) || !parse_form(rest, &ret->is_unreadable, &hex, &size))
		return bad_name(line, err);
	ret->path = arena_string(arena, path);
	if (!ret->path)
		return fail_no_memory(err);
	body = cut_body(text);
	if (hex && !decode_hex(body, size, arena, &body))
		return fail(
			err, FAULT_MACHINE_UNREADABLE, "archive: %s is not hexadecimal", ret->path);
	ret->bytes = body;
	return true;
}

static int by_path(const void *x, const void *y)
{
	const struct archive_file *a = x, *b = y;

	return strcmp(a->path, b->path);
}

/* As it was said on the machine itself: a capture of a capture has it with what stands below in front of it. */
static struct view first_reason(const struct archive_file *file)
{
	static const char between[] = " could not be read where it was captured: ";
	const size_t n = strlen(file->path);
	struct view reason = text_trim(file->bytes);

	while (view_has_at(reason, 0, "/") && view_has_at(reason, 1, file->path) &&
		view_has_at(reason, 1 + n, between))
		reason = view_from(reason, 1 + n + sizeof between - 1);
	return reason;
}

static enum presence archive_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct archive *archive = (const struct archive *)(const void *)source;
	const struct archive_file want = { .path = path }, *file = NULL;
	struct view reason;
	const char *copy;

	if (archive->count)
		file = bsearch(&want, archive->files, archive->count, sizeof want, by_path);
	if (!file)
		return IS_ABSENT;
	if (file->is_unreadable) {
		reason = first_reason(file);
		fail(err, FAULT_FILE_UNREADABLE,
			"/%s could not be read where it was captured: %.*s", path, (int)reason.n,
			(const char *)reason.p);
		return IS_UNREADABLE;
	}
	copy = arena_string(arena, file->bytes);
	if (!copy) {
		fail_no_memory(err);
		return IS_UNREADABLE;
	}
	*ret = (struct view){ (const uint8_t *)copy, file->bytes.n };
	return IS_THERE;
}

/* The part of a file's path that names an entry of the folder; false when it lies elsewhere. */
static bool entry_of(const char *folder, const char *path, struct view *ret)
{
	size_t n = strlen(folder);

	if (strncmp(path, folder, n) != 0 || path[n] != '/')
		return false;
	*ret = (struct view){ (const uint8_t *)path + n + 1, strcspn(path + n + 1, "/") };
	return ret->n != 0;
}

/* Unsorted, and NULL-terminated where there are any; false when memory is out. */
static bool names_in(const struct archive *archive, const char *folder, struct arena *arena,
	const char ***ret, size_t *ret_count)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < archive->count; i++) {
		struct view entry;

		/* The files of one folder follow each other: they are sorted. */
		if (!entry_of(folder, archive->files[i].path, &entry) ||
			(count && text_is(entry, names[count - 1])))
			continue;
		names = arena_grow(arena, names, count, sizeof *names);
		if (!names)
			return false;
		names[count] = arena_string(arena, entry);
		if (!names[count++])
			return false;
	}
	if (count) {
		names = arena_grow(arena, names, count, sizeof *names);
		if (!names)
			return false;
		names[count] = NULL;
	}
	*ret = names;
	*ret_count = count;
	return true;
}

static enum presence archive_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	const struct archive *archive = (const struct archive *)(const void *)source;
	const char **names;
	size_t count;

	if (!names_in(archive, path, arena, &names, &count)) {
		fail_no_memory(err);
		return IS_UNREADABLE;
	}
	if (count == 0)
		return IS_ABSENT;
	qsort(names, count, sizeof *names, source_compare_names);
	*ret = names;
	return IS_THERE;
}

bool archive_parse(struct view text, struct arena *arena, struct archive *ret, struct error *err)
{
	struct archive_file *files = NULL;
	size_t count = 0;

	if (!is_archive(text))
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"archive: does not begin with \"" FIRST_LINE "\"");
	if (text.p[text.n - 1] != '\n')
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"archive: ends within a line, after %zu bytes", text.n);
	(void)cut_body(&text);
	while (text.n) {
		if (count == ARCHIVE_FILES_MAX)
			return fail(err, FAULT_MACHINE_UNREADABLE,
				"archive: has more than %d files", ARCHIVE_FILES_MAX);
		files = arena_grow(arena, files, count, sizeof *files);
		if (!files)
			return fail_no_memory(err);
		if (!parse_file(&text, arena, &files[count++], err))
			return false;
	}
	if (count)
		qsort(files, count, sizeof *files, by_path);
	*ret = (struct archive){ { archive_read, source_look_by_read, archive_list }, files,
		count };
	return true;
}
