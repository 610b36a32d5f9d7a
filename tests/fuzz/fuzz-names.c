/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is the names in /boot, one in each line, all of them files: kernels are found among them by their names
 * alone, and what is found is one of them.
 */
#include "entry/names/by-name.h"
#include "fuzz-entries.h"
#include "machine/text.h"

enum { NAMES_MAX = 256 };

struct folder_machine {
	struct source source;
	const char *names[NAMES_MAX + 1];
	size_t count;
};

static enum presence read_any(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct folder_machine *m = (const struct folder_machine *)(const void *)source;

	(void)arena;
	(void)err;
	*ret = view_of_string(strcmp(path, "saut/uname") == 0 ? "6.1.0 x86_64\n" : "");
	if (ret->n)
		return IS_THERE;
	if (strncmp(path, "boot/", 5) != 0)
		return IS_ABSENT;
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->names[i], path + 5) == 0)
			return IS_THERE;
	return IS_ABSENT;
}

static enum presence list_boot(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	const struct folder_machine *m = (const struct folder_machine *)(const void *)source;

	(void)arena;
	(void)err;
	*ret = m->names;
	return strcmp(path, "boot") == 0 ? IS_THERE : IS_ABSENT;
}

/* As a folder has them: neither empty, nor with a slash, nor twice, in the order of listings. */
static void take_names(struct folder_machine *m, struct view text, struct arena *arena)
{
	struct view line;
	size_t kept = 0;

	while (m->count < NAMES_MAX && text_line(&text, &line)) {
		const char *name = arena_string(arena, line);

		expect(name != NULL);
		if (*name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
			strcmp(name, "..") != 0)
			m->names[m->count++] = name;
	}
	qsort(m->names, m->count, sizeof *m->names, source_compare_names);
	for (size_t i = 0; i < m->count; i++)
		if (!kept || strcmp(m->names[kept - 1], m->names[i]) != 0)
			m->names[kept++] = m->names[i];
	m->count = kept;
	m->names[kept] = NULL;
}

static void expect_listed(const struct folder_machine *m, const char *path)
{
	expect_in_boot(path);
	expect(source_names_have(m->names, path + 6));
}

static void find_by_name(const struct folder_machine *m, const char *image, struct arena *arena)
{
	const struct name_wish wish = { .boot = "/boot",
		.image = image,
		.image_by = "",
		.initrd = "",
		.initrd_by = "",
		.is_default = true };
	struct notes notes = { .arena = arena };
	struct named_kernel named = { 0 };
	struct error err = { 0 };

	if (!entry_by_name(&m->source, &wish, &notes, arena, &named, &err)) {
		expect(err.reason[0] != '\0');
		return;
	}
	if (named.kernel)
		expect_listed(m, named.kernel);
	if (named.initrd)
		expect_listed(m, named.initrd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct folder_machine m = { .source = { read_any, source_look_by_read, list_boot } };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct entries entries;

	take_names(&m, (struct view){ data, size }, &arena);
	if (entry_find(&m.source, &arena, &entries, &err))
		for (size_t i = 0; i < entries.count; i++)
			expect_entry(&entries.items[i]);
	else
		expect(err.reason[0] != '\0');
	find_by_name(&m, "", &arena);
	if (m.count)
		find_by_name(&m, m.names[0], &arena);
	arena_free(&arena);
	return 0;
}
