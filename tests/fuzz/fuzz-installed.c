/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kernel-install and installkernel leave: /etc/kernel/cmdline, entry-token, machine-id, the log of what was
 * installed, and kernels in folders of any names. The input is an archive of all of it (machine/archive.h), so that
 * links and mounts, too, are what it says. An entry names files that are there.
 */
#include "fuzz-entries.h"

#include "machine/archive.h"

static bool is_one_of(const struct archive *archive, const char *path)
{
	size_t n = strlen(path + 1);

	for (size_t i = 0; i < archive->count; i++) {
		const char *file = archive->files[i].path;

		/* Or a folder on the way to it. */
		if (strncmp(file, path + 1, n) == 0 && (!file[n] || file[n] == '/'))
			return true;
	}
	return false;
}

static void expect_there(const struct archive *archive, const char *path)
{
	expect(path[0] == '/');
	expect(is_one_of(archive, path));
}

static void expect_true(const struct archive *archive, const struct entry *e)
{
	expect(e->id && e->id[0] && e->title && e->title[0] && e->version && e->release && e->file);
	expect(e->kernel || e->obstacle);
	expect_printable(e->command_line);
	if (e->kind != ENTRY_KERNEL_INSTALL && e->kind != ENTRY_INSTALLKERNEL)
		return;
	if (e->kernel && !e->obstacle)
		expect_there(archive, e->kernel);
	for (size_t i = 0; !e->obstacle && i < e->initrd_count; i++)
		expect_there(archive, e->initrds[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct archive archive;
	struct entries entries;
	size_t defaults = 0;

	if (archive_parse((struct view){ data, size }, &arena, &archive, &err)) {
		if (entry_find(&archive.source, &arena, &entries, &err))
			for (size_t i = 0; i < entries.count; i++) {
				expect_true(&archive, &entries.items[i]);
				defaults += entries.items[i].is_default;
			}
		else
			expect(err.reason[0] != '\0');
		expect(defaults <= 1);
	}
	arena_free(&arena);
	return 0;
}
