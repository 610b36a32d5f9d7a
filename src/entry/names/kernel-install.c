/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernels as kernel-install(8) lays them out, $BOOT/TOKEN/VERSION/linux, where no entry names them;
 * and the log that Gentoo's installkernel writes.
 */
#include <string.h>

#include "entry/ground/finder.h"
#include "entry/version.h"
#include "machine/text.h"

static bool add_kernel(struct finder *f, const char *folder, const char *version)
{
	struct entry entry = { .kind = ENTRY_KERNEL_INSTALL };
	const char *inside = arena_printf(f->arena, "%s/%s", folder, version);
	const char *const *names;

	entry.kernel = arena_printf(f->arena, "%s/linux", inside ? inside : "");
	if (!inside || !entry.kernel)
		return false;
	if (!finder_exists(f, entry.kernel) || finder_has_kernel(f, entry.kernel) ||
		!finder_list(f, inside, &names))
		return true;
	entry.id = entry.file = entry.kernel;
	entry.version = finder_title(f, view_of_string(version));
	entry.title = arena_printf(f->arena, "Linux %s", version);
	entry.command_line = finder_command_line(f);
	/* Sorted as they are listed, microcode comes behind; it must be in front. */
	for (int microcode = 1; microcode >= 0; microcode--) {
		for (size_t i = 0; names[i]; i++) {
			const char *path;

			if (strncmp(names[i], microcode ? "microcode" : "initrd",
				    microcode ? 9 : 6) != 0)
				continue;
			path = arena_printf(f->arena, "%s/%s", inside, names[i]);
			if (!path || !finder_add_initrd(f, &entry, path))
				return false;
		}
	}
	return finder_add(f, entry);
}

static bool find_versions(struct finder *f, const char *boot, const char *token)
{
	const char *folder = arena_printf(f->arena, "%s/%s", boot, token);
	const char *const *names;

	if (!folder)
		return false;
	if (!finder_list(f, folder, &names))
		return true;
	for (size_t i = 0; names[i] && !f->is_full; i++)
		if (!add_kernel(f, folder, names[i]))
			return false;
	return true;
}

/* The first line of a small file, if it is a single name. */
static const char *token_in(struct finder *f, const char *file)
{
	struct view text, line;
	const char *token;

	if (!finder_read(f, file, &text) || !text_line(&text, &line))
		return NULL;
	line = text_trim(line);
	if (line.n == 0 || line.n > 255 || memchr(line.p, '/', line.n))
		return NULL;
	token = finder_title(f, line);
	return token && strcmp(token, "..") != 0 && strcmp(token, ".") != 0 ? token : NULL;
}

static int by_version(const void *p, const void *q)
{
	const struct entry *x = p, *y = q;
	int order = version_compare(y->version, x->version);

	return order ? order : strcmp(x->kernel, y->kernel);
}

bool kernel_install_find(struct finder *f, struct finding *ret)
{
	static const char *const boots[] = { "/boot", "/efi", "/boot/efi" };
	const char *tokens[] = { token_in(f, "/etc/kernel/entry-token"),
		token_in(f, "/etc/machine-id"), "Default" };

	ret->first = ret->chosen = f->count;
	for (size_t i = 0; i < sizeof boots / sizeof *boots; i++)
		for (size_t k = 0; k < sizeof tokens / sizeof *tokens; k++)
			if (tokens[k] && !find_versions(f, boots[i], tokens[k]))
				return false;
	finder_end(f, ret, by_version);
	return true;
}

/* Fields of a line, separated by tabs. */
enum field {
	FIELD_VERSION = 2,
	FIELD_FOLDER = 7,
	FIELD_KERNEL = 8,
	FIELD_INITRD = 9,
	FIELD_UKI = 10,
	FIELDS,
};

static bool is_set(struct view field)
{
	return field.n && !text_is(field, "none") && !text_is(field, "notset");
}

static const char *path_of(struct finder *f, struct entry *entry, const char *what,
	const struct view *fields, struct view name)
{
	const char *folder, *file, *path;

	if (!finder_text(f, entry, what, fields[FIELD_FOLDER], &folder) ||
		!finder_text(f, entry, what, name, &file))
		return NULL;
	path = file[0] == '/' ? file : arena_printf(f->arena, "%s/%s", folder, file);
	if (path && finder_exists(f, path))
		return path;
	/* In the folder where it should be: that is on a file system, and may not be mounted. */
	return finder_locate(f, entry, NULL, folder, what, file);
}

static bool add_logged(struct finder *f, const struct view *fields, unsigned line)
{
	struct entry entry = {
		.kind = ENTRY_INSTALLKERNEL, .file = "/var/lib/misc/installkernel", .line = line
	};
	bool is_uki = !is_set(fields[FIELD_KERNEL]) && is_set(fields[FIELD_UKI]);
	const char *initrd;

	entry.version = finder_title(f, fields[FIELD_VERSION]);
	entry.title = arena_printf(f->arena, "Linux %s", entry.version ? entry.version : "");
	entry.kernel =
		path_of(f, &entry, "kernel", fields, fields[is_uki ? FIELD_UKI : FIELD_KERNEL]);
	if (!is_uki && is_set(fields[FIELD_INITRD])) {
		initrd = path_of(f, &entry, "initrd", fields, fields[FIELD_INITRD]);
		if (initrd && !finder_add_initrd(f, &entry, initrd))
			return false;
	}
	entry.command_line = is_uki ? NULL : finder_command_line(f);
	entry.id = entry.kernel;
	return finder_add(f, entry);
}

static void cut_fields(struct view line, struct view *ret)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (!text_cut(&line, '\t', &ret[i])) {
			ret[i] = text_trim(line);
			line = view_from(line, line.n);
		}
	}
}

/* Only its last line counts: what was installed before may be gone. */
bool installkernel_find(struct finder *f, struct finding *ret)
{
	struct view text, line, last = { 0 };
	struct view fields[FIELDS];
	unsigned number = 0, at = 0;

	ret->first = ret->chosen = f->count;
	if (!finder_read(f, "/var/lib/misc/installkernel", &text))
		return true;
	while (text_line(&text, &line)) {
		number++;
		if (text_trim(line).n && line.p[0] != '#') {
			last = line;
			at = number;
		}
	}
	cut_fields(last, fields);
	if (!is_set(fields[FIELD_FOLDER]) || fields[FIELD_FOLDER].p[0] != '/')
		return true;
	if (!add_logged(f, fields, at))
		return false;
	finder_end(f, ret, NULL);
	return true;
}
