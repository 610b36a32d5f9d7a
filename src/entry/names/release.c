/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The release of a kernel, by its file's name or by the file itself. */
#include <string.h>

#include "base/arith.h"
#include "entry/names/table.h"
#include "image/image.h"
#include "machine/text.h"

/* With all symbols and no compression: more than any kernel has. */
#define KERNEL_MAX MiB(512)

static const char *strip(struct finder *f, const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return m && n > m && strcmp(s + n - m, end) == 0
		? arena_string(f->arena, view_first(view_of_string(s), n - m))
		: s;
}

/* Gentoo's genkernel: kernel-genkernel-x86_64-6.6.21-gentoo, vmlinuz-6.6.21-gentoo-x86_64 */
static const char *strip_genkernel(struct finder *f, const char *s)
{
	const char *end = arena_printf(f->arena, "-%s", f->uname_machine);

	if (strncmp(s, "genkernel-", 10) == 0) {
		s += 10;
		s += strcspn(s, "-");
		return s + (s[0] == '-');
	}
	return end && f->uname_machine[0] ? strip(f, s, end) : s;
}

/* openSUSE has names with a digest: linux-SHA1. */
static bool is_release(const char *s)
{
	return s && s[0] >= '0' && s[0] <= '9' && strchr(s, '.');
}

/* .../6.1.0-9-amd64/linux */
static const char *name_of_folder(struct finder *f, const char *kernel, const char *name)
{
	const char *start = name - 1;

	while (start > kernel && start[-1] != '/')
		start--;
	return arena_string(
		f->arena, (struct view){ (const uint8_t *)start, (size_t)(name - 1 - start) });
}

const char *finder_release_of(struct finder *f, const char *kernel)
{
	const char *slash = strrchr(kernel, '/');
	const char *name = slash ? slash + 1 : kernel, *release = NULL, *rest;

	if (slash && slash > kernel && (strcmp(name, "linux") == 0 || strcmp(name, "vmlinuz") == 0))
		release = name_of_folder(f, kernel, name);
	rest = release ? NULL : kernel_name_rest(f, name, NAMED_FOR_RELEASE);
	if (rest)
		release = strip_genkernel(f, strip(f, rest, ".old"));
	return is_release(release) ? release : "";
}

const char *finder_release_in(struct finder *f, const char *kernel)
{
	struct arena arena = { 0 }; /* a kernel's bytes are not kept */
	struct error ignored = { 0 };
	struct image image;
	struct view bytes, text, word;
	const char *release = NULL;

	if (f->source->look(f->source, kernel + strspn(kernel, "/"), KERNEL_MAX, &arena, &bytes,
		    &ignored) == IS_THERE &&
		!image_wrapper(bytes) && image_parse(bytes, &arena, &image, &ignored) &&
		image.version) {
		text = view_of_string(image.version);
		release = text_word(&text, &word) ? finder_title(f, word) : NULL;
	}
	arena_free(&arena);
	return release ? release : "";
}
