/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/by-path.h"

#include <string.h>

#include "entry/names/by-name.h"

static bool has_none(const struct path_wish *wish)
{
	return wish->initrd_count == 1 && strcmp(wish->initrds[0], "-") == 0;
}

/* What is called so by itself, and has its initrd in it. */
static bool brings_its_own(const char *kernel)
{
	const struct entry entry = { .kernel = kernel };

	return entry_is_program(&entry);
}

static bool fill(struct system *s, const struct path_wish *wish, const struct named_kernel *named,
	struct entry *ret, struct error *err)
{
	const char **found = arena_alloc_array(&s->arena, 1, sizeof *found);
	struct entry e = {
		.kind = ENTRY_FILE,
		.id = named->kernel,
		.title = named->kernel,
		.version = named->release,
		.release = named->release,
		.machine_id = "",
		.sort_key = "",
		.kernel = named->kernel,
	};

	if (named->release[0])
		e.title = arena_printf(&s->arena, "Linux %s", named->release);
	if (!found || !e.title)
		return fail_no_memory(err);
	if (wish->initrd_count && !has_none(wish)) {
		e.initrds = wish->initrds;
		e.initrd_count = wish->initrd_count;
	} else if (named->initrd) {
		found[0] = named->initrd;
		e.initrds = found;
		e.initrd_count = 1;
	}
	*ret = e;
	return true;
}

bool entry_by_path(
	struct system *s, const struct path_wish *wish, struct entry *ret, struct error *err)
{
	const struct name_wish by_name = {
		.boot = "/boot",
		.image = wish->kernel,
		.image_by = "",
		.initrd = "",
		.initrd_by = wish->initrd_by,
		.has_no_initrd = wish->initrd_count || brings_its_own(wish->kernel),
	};
	struct named_kernel named;

	return entry_by_name(s->source, &by_name, &s->notes, &s->arena, &named, err) &&
		fill(s, wish, &named, ret, err);
}
