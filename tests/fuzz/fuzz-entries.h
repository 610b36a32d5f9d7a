/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the fuzzers of boot entries share: a machine with one file that the input is, and a folder of
 * files that it may name.
 */
#pragma once

#include <string.h>

#include "entry/entry.h"
#include "fuzz.h"

struct fuzz_machine {
	struct source source;
	const char
		*path; /* of the file that the input is; with a star: of all that begin like it */
	const char *uname;
	struct view input;
};

static inline bool fuzz_is_input(const struct fuzz_machine *m, const char *path)
{
	size_t n = strcspn(m->path, "*");

	return m->path[n] ? strncmp(path, m->path, n) == 0 : strcmp(path, m->path) == 0;
}

static inline enum presence fuzz_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct fuzz_machine *m = (const struct fuzz_machine *)(const void *)source;
	struct view v;

	if (fuzz_is_input(m, path))
		v = m->input;
	else if (strcmp(path, "saut/uname") == 0)
		v = view_of_string(m->uname);
	else if (strcmp(path, "proc/self/mountinfo") == 0)
		v = view_of_string("25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"
				   "26 25 8:1 / /boot rw - ext4 /dev/sda1 rw\n");
	else if (strcmp(path, "boot/loader/entries/a+3.conf") == 0)
		v = view_of_string("linux /k\n");
	else if (strcmp(path, "boot/grub/grubenv") == 0)
		v = view_of_string("# GRUB Environment Block\nsaved_entry=1>0\n");
	else
		return IS_ABSENT;
	(void)err;
	ret->p = (const uint8_t *)arena_string(arena, v);
	ret->n = v.n;
	return ret->p ? IS_THERE : IS_UNREADABLE;
}

static inline enum presence fuzz_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	static const struct {
		const char *folder, *names[7];
		bool is_for_image; /* without the input it would be a damaged one */
	} folders[] = {
		{ "boot", { "EFI", "grub", "initrd", "k", "loader", "vmlinuz-6.1.0" }, false },
		{ "boot/EFI", { "Linux" }, false },
		{ "boot/EFI/Linux", { "a+2.efi" }, true },
		{ "boot/grub", { "grub.cfg", "grubenv" }, false },
		{ "boot/loader", { "entries", "loader.conf" }, false },
		{ "boot/loader/entries", { "a+3.conf" }, false },
		{ "sys/firmware/efi", { "efivars" }, false },
		{ "sys/firmware/efi/efivars", { "LoaderInfo" }, false },
	};
	const struct fuzz_machine *m = (const struct fuzz_machine *)(const void *)source;

	(void)arena;
	(void)err;
	*ret = NULL;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strcmp(path, folders[i].folder) == 0 &&
			(!folders[i].is_for_image || strstr(m->path, path)))
			*ret = folders[i].names;
	return *ret ? IS_THERE : IS_ABSENT;
}

static inline void expect_printable(const char *s)
{
	for (; s && *s; s++)
		expect((unsigned char)*s >= ' ' && *s != 0x7f);
}

/* A file that an entry names is one of the folder. */
static inline void expect_in_boot(const char *path)
{
	expect(strncmp(path, "/boot/", 6) == 0 && !strstr(path, "/../"));
}

static inline void expect_entry(const struct entry *e)
{
	expect(e->id && e->id[0] && e->title && e->title[0] && e->version && e->release && e->file);
	expect(e->kernel || e->obstacle);
	expect_printable(e->command_line);
	if (e->kernel)
		expect_in_boot(e->kernel);
	for (size_t i = 0; i < e->initrd_count; i++)
		expect_in_boot(e->initrds[i]);
}

/* The kernel that only its name tells of is always there. */
static inline int fuzz_entries_on(
	const char *uname, const char *path, const uint8_t *data, size_t size)
{
	struct fuzz_machine m = { { fuzz_read, source_look_by_read, fuzz_list }, path, uname,
		{ data, size } };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct entries entries;
	size_t defaults = 0;

	expect(entry_find(&m.source, &arena, &entries, &err));
	expect(entries.count > 0);
	for (size_t i = 0; i < entries.count; i++) {
		expect_entry(&entries.items[i]);
		defaults += entries.items[i].is_default;
	}
	expect(defaults <= 1);
	arena_free(&arena);
	return 0;
}

static inline int fuzz_entries(const char *path, const uint8_t *data, size_t size)
{
	return fuzz_entries_on("6.1.0 x86_64\n", path, data, size);
}
