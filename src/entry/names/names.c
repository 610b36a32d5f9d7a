/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernels that are found by nothing but their names: Debian's links, Gentoo's and other
 * distributions' names in /boot, and those beside their modules.
 */
#include <string.h>

#include "entry/names/table.h"
#include "entry/version.h"

/* The initrd that goes with a kernel whose name ends with suffix, where there is one. */
static bool add_pair(struct finder *f, struct entry *entry, const char *folder, const char *suffix)
{
	const char *path = initrd_of_version(f, folder, suffix);

	return !path || finder_add_initrd(f, entry, path);
}

static bool end_entry(struct finder *f, struct entry entry)
{
	if (entry.initrd_count == 0 && !entry.release[0] && running_has_initrd(f, "/boot"))
		finder_obstacle(f, &entry,
			"it tells no version, so that its initrd cannot be found, and the running "
			"kernel came with one");
	else if (entry.initrd_count == 0)
		finder_remark(f, &entry, "no initrd is named after it");
	entry.command_line = finder_command_line(f);
	if (!entry.title && entry.release && entry.release[0])
		entry.title = arena_printf(f->arena, "Linux %s", entry.release);
	return finder_add(f, entry);
}

static bool add_link(struct finder *f, const char *folder, const char *kernel, const char *end)
{
	struct entry entry = { .kind = ENTRY_LINK };
	const char *path = arena_printf(f->arena, "%s/%s%s", folder, kernel, end);
	const char *initrd;

	if (!path)
		return false;
	if (!finder_exists(f, path) || finder_has_kernel(f, path))
		return true;
	entry.kernel = entry.id = entry.file = path;
	entry.release = finder_release_in(f, path);
	initrd = initrd_without_version(f, folder, end);
	if (initrd && !finder_add_initrd(f, &entry, initrd))
		return false;
	/* An initrd without a version belongs to the image without one; else that of its release. */
	if (!initrd && entry.release[0] && !add_pair(f, &entry, "/boot", entry.release))
		return false;
	return end_entry(f, entry);
}

static bool add_links(struct finder *f, const char *folder, const char *kernel)
{
	return add_link(f, folder, kernel, "") && add_link(f, folder, kernel, ".old");
}

/* Gentoo's order, behind Debian's links in the root folder. */
bool links_find(struct finder *f, struct finding *ret)
{
	ret->first = ret->chosen = f->count;
	if (!add_links(f, "", "vmlinuz"))
		return false;
	for (size_t i = 0; plain_kernels[i]; i++)
		if (!add_links(f, "/boot", plain_kernels[i]))
			return false;
	finder_end(f, ret, NULL);
	return true;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

bool finder_is_leftover(const char *name)
{
	static const char *const ends[] = { ".hmac", ".sig", ".sign", ".sha256", ".sha512", ".bak",
		".tmp", ".new", ".dpkg-new", ".dpkg-tmp", ".config", ".txt", ".signed", "~" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends_with(name, ends[i]))
			return true;
	return false;
}

static bool add_file(struct finder *f, const char *path, const char *suffix)
{
	struct entry entry = { .kind = ENTRY_FILE, .id = path, .file = path, .kernel = path };

	entry.release = finder_release_of(f, path);
	if (!entry.release[0])
		entry.release = finder_release_in(f, path);
	if (!add_pair(f, &entry, "/boot", suffix))
		return false;
	if (entry.initrd_count == 0 && !ends_with(path, ".old") && entry.release[0] &&
		!add_pair(f, &entry, "/boot", entry.release))
		return false;
	if (ends_with(path, ".old"))
		entry.title = arena_printf(
			f->arena, "Linux %s (before it was installed again)", entry.release);
	return end_entry(f, entry);
}

static bool find_in_boot(struct finder *f)
{
	const char *const *names;

	if (!finder_list(f, "/boot", &names))
		return true;
	for (size_t i = 0; names[i] && !f->is_full; i++) {
		const char *suffix = finder_is_leftover(names[i])
			? NULL
			: kernel_name_rest(f, names[i], NAMED_FOR_LISTS);
		const char *path = suffix ? arena_printf(f->arena, "/boot/%s", names[i]) : "";

		if (!path)
			return false;
		if (suffix && !finder_has_kernel(f, path) && !add_file(f, path, suffix))
			return false;
	}
	return true;
}

static bool has_release(const struct finder *f, const char *release)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->entries[i].release, release) == 0)
			return true;
	return false;
}

/* A kernel that was also copied to /boot is there already. */
static bool find_in_modules(struct finder *f)
{
	const char *const *names;

	if (!finder_list(f, "/usr/lib/modules", &names))
		return true;
	for (size_t i = 0; names[i] && !f->is_full; i++) {
		const char *path = arena_printf(f->arena, "/usr/lib/modules/%s/vmlinuz", names[i]);

		if (!path)
			return false;
		if (!has_release(f, names[i]) && finder_exists(f, path) &&
			!add_file(f, path, names[i]))
			return false;
	}
	return true;
}

/* Newest first; of one version, the one that was installed last. */
static int by_version(const void *p, const void *q)
{
	const struct entry *x = p, *y = q;
	int order = version_compare(y->release, x->release);

	if (!order)
		order = ends_with(x->kernel, ".old") - ends_with(y->kernel, ".old");
	return order ? order : strcmp(x->kernel, y->kernel);
}

bool files_find(struct finder *f, struct finding *ret)
{
	ret->first = ret->chosen = f->count;
	if (!find_in_boot(f) || !find_in_modules(f))
		return false;
	finder_end(f, ret, by_version);
	return true;
}
