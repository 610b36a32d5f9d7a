/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What belongs together by its name; knows no settings. */
#include "entry/names/by-name.h"

#include <string.h>

#include "entry/ground/follow.h"
#include "entry/names/table.h"
#include "entry/version.h"

struct chooser {
	struct finder f;
	const struct name_wish *wish;
	const char *boot; /* "" for the root folder */
};

/* What of an image's name is its version; "": the name has none. */
static const char *version_in(struct chooser *c, const char *name)
{
	const char *version = kernel_name_rest(&c->f, name, NAMED_FOR_GENTOO);

	return version ? version : "";
}

static const char *folder_of(struct chooser *c, const char *path)
{
	const char *slash = strrchr(path, '/');

	return arena_printf(c->f.arena, "%.*s", (int)(slash ? slash - path : 0), path);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool ends_with_old(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".old") == 0;
}

/* By the image's name, or where that tells no version by the image itself. */
static const char *release_of(struct chooser *c, const char *kernel)
{
	const char *release = finder_release_of(&c->f, kernel);

	return release[0] || version_in(c, name_of(kernel))[0] ? release
							       : finder_release_in(&c->f, kernel);
}

/* The initrd that belongs to an image: the one named like it, else the one of its release. */
static const char *initrd_of(struct chooser *c, const char *kernel, const char *release)
{
	const char *folder = folder_of(c, kernel), *version = version_in(c, name_of(kernel));
	const char *end = ends_with_old(kernel) ? ".old" : "", *initrd = NULL;

	if (!folder)
		return NULL;
	if (!version[0])
		initrd = initrd_without_version(&c->f, folder, end);
	else
		initrd = initrd_of_version(&c->f, folder, version);
	if (!initrd && !end[0])
		initrd = initrd_of_version(&c->f, folder, release);
	if (!initrd && !end[0] && strcmp(folder, c->boot) != 0)
		initrd = initrd_of_version(&c->f, c->boot, release);
	if (!initrd && version[0]) {
		initrd = initrd_without_version(&c->f, folder, end);
		if (initrd)
			notes_add(c->f.notes,
				"%s is taken for %s, though no version tells that they belong "
				"together",
				initrd, kernel);
	}
	return initrd;
}

/* A name of the settings: what has a slash in it is taken as it is. */
static const char *path_of(struct chooser *c, const char *name)
{
	return strchr(name, '/') ? name : arena_printf(c->f.arena, "%s/%s", c->boot, name);
}

static bool fail_missing(struct chooser *c, const char *by, const char *path, struct error *err)
{
	const struct fstab_line *line = places_missing(&c->f.places, c->wish->boot);
	const char *what = by[0] ? arena_printf(c->f.arena, "%s means %s, which", by, path) : path;

	if (line)
		return fail(err, FAULT_NOT_MOUNTED,
			"%s is not there, and %s is not mounted: /etc/fstab, line %u, has %s for "
			"it",
			what ? what : path, line->point, line->line, line->what);
	return fail(err, FAULT_FILE_MISSING, "%s is not there", what ? what : path);
}

/* Completes a choice whose kernel is known by its release and the initrd. */
static bool choose_initrd(struct chooser *c, struct named_kernel *choice, struct error *err)
{
	const struct name_wish *wish = c->wish;

	choice->release = release_of(c, choice->kernel);
	if (wish->has_no_initrd)
		return true;
	if (!wish->initrd[0]) {
		choice->initrd = initrd_of(c, choice->kernel, choice->release);
		return choice->initrd || choice->release[0] ||
			!running_has_initrd(&c->f, c->boot) ||
			fail(err, FAULT_ENTRY_REFUSED,
				"%s tells no version, so that its initrd cannot be found, and the "
				"running kernel came with one (%s=- asks for none)",
				choice->kernel, wish->initrd_by);
	}
	choice->initrd = path_of(c, wish->initrd);
	if (!choice->initrd)
		return fail_no_memory(err);
	return finder_exists(&c->f, choice->initrd) ||
		fail_missing(c, wish->initrd_by, choice->initrd, err);
}

static bool choose_named(struct chooser *c, struct named_kernel *choice, struct error *err)
{
	choice->is_named = true;
	choice->kernel = path_of(c, c->wish->image);
	if (!choice->kernel)
		return fail_no_memory(err);
	return finder_exists(&c->f, choice->kernel)
		? choose_initrd(c, choice, err)
		: fail_missing(c, c->wish->image_by, choice->kernel, err);
}

static bool is_complete(struct chooser *c, const char *name, bool needs_initrd)
{
	if (!needs_initrd || initrd_of_version(&c->f, c->boot, version_in(c, name)) ||
		initrd_of_version(&c->f, c->boot, finder_release_of(&c->f, name)))
		return true;
	notes_add(c->f.notes,
		"%s/%s is left out: it has no initrd, and the running kernel has one (KNAME=%s "
		"takes it all the same)",
		c->boot, name, name);
	return false;
}

static bool is_better(struct chooser *c, const char *name, const char *than)
{
	int order = than ? version_compare(version_in(c, name), version_in(c, than)) : 1;

	return order > 0 ||
		(order == 0 && kernel_name_rank(&c->f, name) < kernel_name_rank(&c->f, than));
}

static const char *newest_image(struct chooser *c)
{
	bool needs_initrd = !c->wish->has_no_initrd && !c->wish->initrd[0] &&
		running_has_initrd(&c->f, c->boot);
	const char *const *names;
	const char *best = NULL;

	if (!finder_list(&c->f, c->boot[0] ? c->boot : "/", &names))
		return NULL;
	for (size_t i = 0; names[i]; i++)
		if (version_in(c, names[i])[0] && !finder_is_leftover(names[i]) &&
			!ends_with_old(names[i]) && is_better(c, names[i], best) &&
			is_complete(c, names[i], needs_initrd))
			best = names[i];
	return best ? arena_printf(c->f.arena, "%s/%s", c->boot, best) : NULL;
}

static const char *image_in_boot(struct chooser *c, const char *start, const char *end)
{
	const char *path = arena_printf(c->f.arena, "%s/%s%s", c->boot, start, end);

	return path && finder_exists(&c->f, path) ? path : NULL;
}

/* An unversioned name is where an administrator puts the kernel that is to be booted. */
static void look(struct chooser *c, struct named_kernel *choice)
{
	for (size_t i = 0; plain_kernels[i] && !choice->kernel; i++)
		choice->kernel = image_in_boot(c, plain_kernels[i], "");
	if (choice->kernel)
		return;
	choice->kernel = newest_image(c);
	choice->is_newest = choice->kernel != NULL;
	if (!choice->kernel)
		choice->kernel = image_in_boot(c, "kernel-", c->f.uname_machine);
}

/*
 * What a file that was found means on its own file system (ground/follow.h). A path in the settings is
 * what the running system makes of it.
 */
static bool mean(struct chooser *c, const char *wished, const char **file, struct error *err)
{
	const char *why, *meant;

	if (!*file || strchr(wished, '/'))
		return true;
	meant = follow_links(&c->f, *file, NULL, &why);
	if (!meant)
		return fail(err, FAULT_FILE_UNREADABLE, "%s cannot be loaded: %s", *file, why);
	*file = meant;
	return true;
}

/* What a package wrote into its settings, and nobody put a kernel there. */
static bool is_absent_default(struct chooser *c)
{
	const struct name_wish *wish = c->wish;
	const char *path = wish->is_default ? path_of(c, wish->image) : NULL;

	if (!path || places_missing(&c->f.places, wish->boot) || finder_exists(&c->f, path))
		return false;
	notes_add(c->f.notes,
		"%s is what it came with, and %s is not there: a kernel is looked for",
		wish->image_by, path);
	return true;
}

bool entry_by_name(const struct source *source, const struct name_wish *wish, struct notes *notes,
	struct arena *arena, struct named_kernel *ret, struct error *err)
{
	struct chooser c = {
		.f = { .source = source, .arena = arena, .notes = notes },
		.wish = wish,
		.boot = strcmp(wish->boot, "/") == 0 ? "" : wish->boot,
	};
	struct named_kernel choice = { .release = "" };

	if (!finder_set_up(&c.f))
		return fail_no_memory(err);
	if (wish->image[0] && !is_absent_default(&c)) {
		if (!choose_named(&c, &choice, err))
			return false;
	} else {
		look(&c, &choice);
		if (choice.kernel && !choose_initrd(&c, &choice, err))
			return false;
	}
	if (!mean(&c, wish->image, &choice.kernel, err) ||
		!mean(&c, wish->initrd, &choice.initrd, err))
		return false;
	if (c.f.unreadable)
		return fail(err, FAULT_FILE_UNREADABLE, "%s: which kernel is meant is not known",
			c.f.unreadable);
	*ret = choice;
	return true;
}
