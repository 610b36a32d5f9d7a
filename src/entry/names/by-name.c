/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two tables of names, and what belongs together; knows no settings. */
#include "entry/names/by-name.h"

#include <string.h>

#include "entry/ground/follow.h"
#include "entry/version.h"
#include "machine/machine.h"

struct chooser {
	struct finder f;
	const struct name_wish *wish;
	const char *boot; /* "" for the root folder */
};

static const char *const plain_images[] = { "bzImage", "vmlinux", "vmlinuz", "kernel" };

/* Before the version, in this order; %s is the machine as uname -m tells it. */
static const char *const image_starts[] = { "bzImage-", "vmlinux-", "vmlinuz-",
	"kernel-genkernel-%s-", "kernel-genkernel-amd64-", "kernel-genkernel-x86-", "kernel-" };

static const char *const plain_initrds[] = { "initrd", "initramfs", "initrd.img" };

/* The parts before and behind the version. */
static const struct {
	const char *start, *end;
} versioned_initrds[] = {
	{ "initrd.img-", "" },
	{ "initrd-", ".img" },
	{ "initrd-", "" },
	{ "initramfs-", ".img" },
	{ "initramfs-genkernel-%s-", "" },
	{ "initramfs-genkernel-x86_64-", "" },
	{ "initramfs-genkernel-amd64-", "" },
	{ "initramfs-", "" },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The name with uname -m in the place of "%s"; NULL when memory is out. */
static const char *with_machine(struct chooser *c, const char *name)
{
	const char *at = strstr(name, "%s");

	if (!at)
		return name;
	return arena_printf(
		c->f.arena, "%.*s%s%s", (int)(at - name), name, c->f.uname_machine, at + 2);
}

/* FOLDER/NAME where it is there; NULL where it is not. */
static const char *in_folder(struct chooser *c, const char *folder, const char *start,
	const char *middle, const char *end)
{
	const char *whole = with_machine(c, start);
	const char *path =
		whole ? arena_printf(c->f.arena, "%s/%s%s%s", folder, whole, middle, end) : NULL;

	return path && finder_exists(&c->f, path) ? path : NULL;
}

static const char *plain_initrd(struct chooser *c, const char *folder, const char *end)
{
	const char *path = NULL;

	for (size_t i = 0; i < COUNT(plain_initrds) && !path; i++)
		path = in_folder(c, folder, plain_initrds[i], end, "");
	return path;
}

static const char *versioned_initrd(struct chooser *c, const char *folder, const char *version)
{
	const char *path = NULL;

	for (size_t i = 0; i < COUNT(versioned_initrds) && version[0] && !path; i++)
		path = in_folder(
			c, folder, versioned_initrds[i].start, version, versioned_initrds[i].end);
	return path;
}

/* What of an image's name is its version; "": the name has none. */
static const char *version_in(struct chooser *c, const char *name)
{
	for (size_t i = 0; i < COUNT(image_starts); i++) {
		const char *start = with_machine(c, image_starts[i]);
		size_t n = start ? strlen(start) : 0;

		if (n && strncmp(name, start, n) == 0 && name[n] >= '0' && name[n] <= '9')
			return name + n;
	}
	return "";
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

/* The initrd that belongs to an image: the one named like it, else the one of its release. */
static const char *initrd_of(struct chooser *c, const char *kernel, const char **ret_release)
{
	const char *folder = folder_of(c, kernel), *version = version_in(c, name_of(kernel));
	const char *end = ends_with_old(kernel) ? ".old" : "", *initrd = NULL;
	const char *release = finder_release_of(&c->f, kernel);

	if (!folder)
		return NULL;
	if (!version[0])
		initrd = plain_initrd(c, folder, end);
	else
		initrd = versioned_initrd(c, folder, version);
	if (!release[0] && !version[0])
		release = finder_release_in(&c->f, kernel);
	*ret_release = release;
	if (!initrd && !end[0])
		initrd = versioned_initrd(c, folder, release);
	if (!initrd && !end[0] && strcmp(folder, c->boot) != 0)
		initrd = versioned_initrd(c, c->boot, release);
	if (!initrd && version[0]) {
		initrd = plain_initrd(c, folder, end);
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

	if (line)
		return fail(err, FAULT_NOT_MOUNTED,
			"%s means %s, and %s is not mounted: /etc/fstab, line %u, has %s for it",
			by, path, line->point, line->line, line->what);
	return fail(err, FAULT_FILE_MISSING, "%s means %s, which is not there", by, path);
}

/* Completes a choice whose kernel is known by the initrd. */
static bool choose_initrd(struct chooser *c, struct named_kernel *choice, struct error *err)
{
	const struct name_wish *wish = c->wish;

	if (wish->has_no_initrd)
		return true;
	if (!wish->initrd[0]) {
		choice->initrd = initrd_of(c, choice->kernel, &choice->release);
		return true;
	}
	choice->initrd = path_of(c, wish->initrd);
	if (!choice->initrd)
		return fail_no_memory(err);
	return finder_exists(&c->f, choice->initrd) ||
		fail_missing(c, wish->initrd_by, choice->initrd, err);
}

static bool choose_named(struct chooser *c, struct named_kernel *choice, struct error *err)
{
	choice->kernel = path_of(c, c->wish->image);
	if (!choice->kernel)
		return fail_no_memory(err);
	return finder_exists(&c->f, choice->kernel)
		? choose_initrd(c, choice, err)
		: fail_missing(c, c->wish->image_by, choice->kernel, err);
}

/* "Documentation/arch/x86/boot.rst": ramdisk_size; devicetree/usage-model.rst: linux,initrd-start. */
static enum answer came_with_initrd(struct chooser *c)
{
	enum { RAMDISK_SIZE = 0x21c };
	struct view bytes;
	struct reader r;
	uint32_t size;

	if (finder_read(&c->f, "/proc/device-tree/chosen/linux,initrd-start", &bytes))
		return ANSWER_YES;
	if (!finder_read(&c->f, "/sys/kernel/boot_params/data", &bytes))
		return ANSWER_UNKNOWN;
	r = reader_at(bytes, RAMDISK_SIZE);
	size = reader_le32(&r);
	if (r.overrun)
		return ANSWER_UNKNOWN;
	return size ? ANSWER_YES : ANSWER_NO;
}

/*
 * Whether the running kernel came with an initrd: then one without is not complete yet, or was left
 * without one by mistake. Where the kernel does not tell, names do.
 */
static bool running_has_initrd(struct chooser *c)
{
	enum answer answer = came_with_initrd(c);

	if (answer == ANSWER_UNKNOWN)
		return versioned_initrd(c, c->boot, c->f.release) != NULL;
	return answer == ANSWER_YES;
}

static bool is_complete(struct chooser *c, const char *name, bool needs_initrd)
{
	if (!needs_initrd || versioned_initrd(c, c->boot, version_in(c, name)) ||
		versioned_initrd(c, c->boot, finder_release_of(&c->f, name)))
		return true;
	notes_add(c->f.notes,
		"%s/%s is left out: it has no initrd, and the running kernel has one (KNAME=%s "
		"takes it all the same)",
		c->boot, name, name);
	return false;
}

/* The place of an image's name in Gentoo's order. */
static size_t rank_of(struct chooser *c, const char *name)
{
	for (size_t i = 0; i < COUNT(image_starts); i++) {
		const char *start = with_machine(c, image_starts[i]);
		size_t n = start ? strlen(start) : 0;

		if (n && strncmp(name, start, n) == 0 && name[n] >= '0' && name[n] <= '9')
			return i;
	}
	return COUNT(image_starts);
}

static bool is_better(struct chooser *c, const char *name, const char *than)
{
	int order = than ? version_compare(version_in(c, name), version_in(c, than)) : 1;

	return order > 0 || (order == 0 && rank_of(c, name) < rank_of(c, than));
}

static const char *newest_image(struct chooser *c)
{
	bool needs_initrd = !c->wish->has_no_initrd && !c->wish->initrd[0] && running_has_initrd(c);
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

/* An unversioned name is where an administrator puts the kernel that is to be booted. */
static void look(struct chooser *c, struct named_kernel *choice)
{
	for (size_t i = 0; i < COUNT(plain_images) && !choice->kernel; i++)
		choice->kernel = in_folder(c, c->boot, plain_images[i], "", "");
	if (choice->kernel)
		return;
	choice->kernel = newest_image(c);
	choice->is_newest = choice->kernel != NULL;
	if (!choice->kernel)
		choice->kernel = in_folder(c, c->boot, "kernel-%s", "", "");
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
	if (wish->image[0]) {
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
	*ret = choice;
	return true;
}
