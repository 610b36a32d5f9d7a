/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crash/last-dump.h"

#include <string.h>

#include "machine/text.h"

/* Year, month, day, hour, minute; a name may have seconds behind them. */
enum { WHEN = 12 };

#define PLACE "var/crash"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * The time at the end of a name, as digits: "202611271830", "2026-11-27-18:30", or with a host in front,
 * "127.0.0.1-2026-11-27-18:30:05".
 */
static bool read_when(const char *name, char ret[static WHEN + 1])
{
	for (const char *at = name; (at = strstr(at, "20")); at++) {
		size_t n = 0, i;

		if (at > name && is_digit(at[-1]))
			continue;
		for (i = 0; at[i] && (is_digit(at[i]) || strchr("-:_T", at[i])); i++)
			if (is_digit(at[i]) && n < WHEN)
				ret[n++] = at[i];
		ret[n] = '\0';
		if (!at[i] && n == WHEN)
			return true;
	}
	return false;
}

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* What the tools call the core and the log; one that was not finished gives way to a finished one. */
static void take_name(struct dump *dump, const char *name)
{
	const bool is_log = begins(name, "vmcore-dmesg") || begins(name, "dmesg");
	const bool is_core = !is_log && (begins(name, "vmcore") || begins(name, "dump."));
	const char **which = is_log ? &dump->log : &dump->core;

	if ((!is_log && !is_core) || (*which && strstr(name, "incomplete")))
		return;
	*which = name;
}

static const char *path_in(struct arena *arena, const char *folder, const char *name)
{
	return arena_printf(arena, PLACE "/%s/%s", folder, name);
}

/* Of a log that cannot be read there is no line: the dump is told all the same. */
static bool find_panic(
	const struct source *source, struct arena *arena, const char *path, const char **ret)
{
	static const char mark[] = "Kernel panic - ";
	struct error unsaid;
	struct view text, line;

	if (source->read(source, path, arena, &text, &unsaid) != IS_THERE)
		return true;
	while (text_line(&text, &line)) {
		const uint8_t *at = memmem(line.p, line.n, mark, sizeof mark - 1);

		if (!at)
			continue;
		*ret = arena_string(arena, view_from(line, (uint64_t)(at - line.p)));
		return *ret != NULL;
	}
	return true;
}

static bool describe(const struct source *source, struct arena *arena, const char *name,
	struct dump *ret, struct error *err)
{
	const char *path = arena_printf(arena, PLACE "/%s", name);
	const char *const *names = NULL;
	char when[WHEN + 1];

	if (!path || !read_when(name, when))
		return fail_no_memory(err);
	switch (source->list(source, path, arena, &names, err)) {
	case IS_UNREADABLE:
		return false;
	case IS_ABSENT:
	case IS_THERE:
		break;
	}
	for (; names && *names; names++)
		take_name(ret, *names);
	ret->is_partial = (ret->core && strstr(ret->core, "incomplete")) ||
		(ret->log && strstr(ret->log, "incomplete"));
	ret->folder = arena_printf(arena, "/%s", path);
	ret->when = arena_printf(
		arena, "%.4s-%.2s-%.2s %.2s:%.2s", when, when + 4, when + 6, when + 8, when + 10);
	path = ret->log ? path_in(arena, name, ret->log) : "";
	return (ret->folder && ret->when && path &&
		       (!ret->log || find_panic(source, arena, path, &ret->panic))) ||
		fail_no_memory(err);
}

bool dump_find_last(
	const struct source *source, struct arena *arena, struct dump *ret, struct error *err)
{
	const char *const *names = NULL;
	char newest[WHEN + 1] = "", when[WHEN + 1];
	const char *found = NULL;

	*ret = (struct dump){ 0 };
	switch (source->list(source, PLACE, arena, &names, err)) {
	case IS_ABSENT:
		return true;
	case IS_UNREADABLE:
		return false;
	case IS_THERE:
		break;
	}
	for (; *names; names++)
		if (read_when(*names, when) && strcmp(when, newest) >= 0) {
			memcpy(newest, when, sizeof newest);
			found = *names;
		}
	return !found || describe(source, arena, found, ret, err);
}
