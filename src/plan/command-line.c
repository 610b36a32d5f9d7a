/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/command-line.h"

#include <ctype.h>
#include <string.h>

#include "plan/marked-parameters.h"

/* Words that are meant for the running kernel alone: whole names, or with a "=" how they begin. */
static const struct own_word {
	const char *name;
	bool crash_only; /* left out for a crash kernel only */
	const char *why;
} own_words[] = {
	{ "BOOT_IMAGE", false, "it tells where a boot loader found the running kernel" },
	{ "crashkernel", true, "it reserves memory for a crash kernel, which lives in that" },
	{ "elfcorehdr", false, "it tells where a crash kernel finds the kernel that has crashed" },
	{ "kexec", false, "it is the mark by which a kernel for loong64 finds its command line" },
	{ "initrdmem", false, "it tells where the running kernel's initrd lay" },
};

static bool is_blank(char c)
{
	return isspace((unsigned char)c) != 0;
}

size_t command_line_word(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	while (s[n] && (quoted || !is_blank(s[n]))) {
		if (s[n] == '"')
			quoted = !quoted;
		n++;
	}
	return n;
}

size_t command_line_blanks(const char *s)
{
	size_t n = 0;

	while (is_blank(s[n]))
		n++;
	return n;
}

static const struct own_word *find_own_word(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof own_words / sizeof own_words[0]; i++) {
		size_t n = strlen(own_words[i].name);

		if (length >= n && memcmp(word, own_words[i].name, n) == 0 &&
			(length == n || word[n] == '=' || own_words[i].name[n - 1] == '='))
			return &own_words[i];
	}
	return NULL;
}

const char *command_line_own_word(const char *word, size_t length)
{
	const struct own_word *own = find_own_word(word, length);

	return own ? own->why : NULL;
}

static bool is_own_word(const char *word, size_t length, bool crash)
{
	const struct own_word *own = find_own_word(word, length);

	return own && (crash || !own->crash_only);
}

const char *command_line_reuse(
	const char *line, bool crash, struct arena *arena, struct notes *notes)
{
	size_t used = 0;
	char *kept;

	line = marked_parameters_strip(line, arena, notes);
	kept = line ? arena_alloc(arena, strlen(line) + 1) : NULL;
	if (!kept)
		return NULL;
	while (*line) {
		size_t length = command_line_word(line);

		if (length && is_own_word(line, length, crash)) {
			notes_add(notes, "%.*s is left out of the reused command line", (int)length,
				line);
		} else if (length) {
			if (used)
				kept[used++] = ' ';
			memcpy(kept + used, line, length);
			used += length;
		}
		line += length ? length : 1;
	}
	return kept;
}

static size_t count_words(const char *line)
{
	size_t count = 0;

	for (line += command_line_blanks(line); *line; line += command_line_blanks(line)) {
		line += command_line_word(line);
		count++;
	}
	return count;
}

static bool same_words(const char *a, const char *b)
{
	for (;;) {
		size_t n, m;

		a += command_line_blanks(a);
		b += command_line_blanks(b);
		n = command_line_word(a);
		m = command_line_word(b);
		if (n != m || memcmp(a, b, n) != 0)
			return false;
		if (n == 0)
			return true;
		a += n;
		b += m;
	}
}

const char *command_line_without_end(const char *line, const char *end, struct arena *arena)
{
	size_t all = count_words(line), last = count_words(end);
	const char *tail = line + command_line_blanks(line);
	size_t kept;

	if (last == 0 || last > all)
		return line;
	for (size_t i = 0; i < all - last; i++) {
		tail += command_line_word(tail);
		tail += command_line_blanks(tail);
	}
	if (!same_words(tail, end))
		return line;
	kept = (size_t)(tail - line);
	while (kept && is_blank(line[kept - 1]))
		kept--;
	return arena_string(arena, (struct view){ (const uint8_t *)line, kept });
}

const char *command_line_join(const char *first, const char *second, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s", first, first[0] && second[0] ? " " : "", second);
}

static bool assigns(const char *word, size_t length, const char *name)
{
	size_t n = strlen(name);

	return length > n && memcmp(word, name, n) == 0 && word[n] == '=';
}

/* The last word NAME=VALUE; NULL: there is none. */
static const char *last_of(const char *line, const char *name, size_t *ret_length)
{
	const char *last = NULL;

	for (size_t length; *line; line += length ? length : 1) {
		length = command_line_word(line);
		if (!assigns(line, length, name))
			continue;
		last = line;
		*ret_length = length;
	}
	return last;
}

const char *command_line_value(const char *line, const char *name, struct arena *arena)
{
	size_t length = 0, skipped = strlen(name) + 1;
	const char *last = last_of(line, name, &length);

	return last ? arena_printf(arena, "%.*s", (int)(length - skipped), last + skipped) : NULL;
}

const char *command_line_filter(const char *line,
	bool (*leaves_out)(void *context, const char *word, size_t length), void *context,
	struct arena *arena)
{
	char *kept = arena_alloc(arena, strlen(line) + 1);
	size_t used = 0;

	if (!kept)
		return NULL;
	for (size_t length; *line; line += length ? length : 1) {
		length = command_line_word(line);
		if (length == 0 || leaves_out(context, line, length))
			continue;
		if (used)
			kept[used++] = ' ';
		memcpy(kept + used, line, length);
		used += length;
	}
	return kept;
}

struct unwanted {
	const char *name, *last; /* the word that stays; NULL: none does */
};

static bool is_unwanted(void *context, const char *word, size_t length)
{
	const struct unwanted *u = context;

	return assigns(word, length, u->name) && word != u->last;
}

const char *command_line_without(
	const char *line, const char *name, bool keep_last, struct arena *arena)
{
	size_t ignored;
	struct unwanted u = { name, keep_last ? last_of(line, name, &ignored) : NULL };

	return command_line_filter(line, is_unwanted, &u, arena);
}
