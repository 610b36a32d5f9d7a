/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lists of modules.builtin and modules.dep (modules.dep(5), Documentation/kbuild/kbuild.rst): a
 * file in each line, of modules.dep with a colon and the files of all modules that it needs.
 */
#include "machine/modules.h"

#include <string.h>

#include "machine/text.h"

static bool is_folder_name(const char *name)
{
	return name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool read_lists(const struct source *source, struct arena *arena, struct kernel_modules *m,
	struct error *err)
{
	const char *builtin = arena_printf(arena, "%s/modules.builtin", m->folder);
	const char *depends = arena_printf(arena, "%s/modules.dep", m->folder);

	if (!builtin || !depends)
		return fail_no_memory(err);
	return source_take(source, builtin, arena, &m->builtin, err) &&
		source_take(source, depends, arena, &m->depends, err);
}

bool kernel_modules_read(const struct source *source, const char *version, struct arena *arena,
	struct kernel_modules *ret, struct error *err)
{
	/* NixOS has those of the running system's kernel behind a link only. */
	static const char *const roots[] = { "lib/modules", "usr/lib/modules",
		"run/booted-system/kernel-modules/lib/modules",
		"run/current-system/kernel-modules/lib/modules" };
	struct kernel_modules found = { 0 };

	for (size_t i = 0; is_folder_name(version) && i < sizeof roots / sizeof *roots; i++) {
		const char *path = arena_printf(arena, "%s/%s", roots[i], version);
		const char *const *names;

		if (!path)
			return fail_no_memory(err);
		if (!source_take_names(source, path, arena, &names, err))
			return false;
		if (!names)
			continue;
		found.folder = path;
		if (!read_lists(source, arena, &found, err))
			return false;
		break;
	}
	*ret = found;
	return true;
}

struct view module_name_of(struct view path)
{
	static const char *const suffixes[] = { ".ko", ".ko.gz", ".ko.xz", ".ko.zst" };
	const uint8_t *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	struct view name = slash ? view_from(path, (uint64_t)(slash - path.p) + 1) : path;

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t n = strlen(suffixes[i]);

		if (name.n > n && text_is(view_from(name, name.n - n), suffixes[i]))
			return view_first(name, name.n - n);
	}
	return (struct view){ 0 };
}

static uint8_t plain_letter(uint8_t c)
{
	return c == '-' ? '_' : c;
}

bool module_name_is(struct view name, const char *wanted)
{
	size_t n = strlen(wanted);

	if (n == 0 || name.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (plain_letter(name.p[i]) != plain_letter((uint8_t)wanted[i]))
			return false;
	return true;
}

/* The line whose file is this module; what follows the file in it, behind a colon, is *ret_rest. */
static bool find_line(
	struct view text, const char *name, struct view *ret_file, struct view *ret_rest)
{
	struct view line;

	while (text_line(&text, &line)) {
		struct view file, rest = line;

		if (!text_cut(&rest, ':', &file)) {
			file = line;
			rest = (struct view){ 0 };
		}
		file = text_trim(file);
		if (!module_name_is(module_name_of(file), name))
			continue;
		*ret_file = file;
		*ret_rest = text_trim(rest);
		return true;
	}
	return false;
}

/* Up to its last whole line. */
static struct view whole_lines(struct view text)
{
	const uint8_t *last = text.n ? memrchr(text.p, '\n', text.n) : NULL;

	return last ? view_first(text, (uint64_t)(last - text.p) + 1) : (struct view){ 0 };
}

static bool is_whole(struct view text)
{
	return text.n && whole_lines(text).n == text.n;
}

struct module_answer kernel_modules_find(const struct kernel_modules *modules, const char *name)
{
	struct view builtin = whole_lines(modules->builtin), file, needs;

	if (find_line(builtin, name, &file, &needs))
		return (struct module_answer){ .place = MODULE_BUILTIN };
	if (find_line(whole_lines(modules->depends), name, &file, &needs))
		return (struct module_answer){ MODULE_LOADABLE, file, needs };
	return (struct module_answer){
		.place = is_whole(modules->builtin) && is_whole(modules->depends) ? MODULE_ABSENT
										  : MODULE_UNKNOWN,
	};
}
