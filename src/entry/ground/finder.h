/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the finders of entries share; nobody outside of this room includes it. A finder reads one kind
 * of file and adds entries; it fails only when memory is out. Whatever else is wrong with a file is
 * an entry's obstacle or a note.
 */
#pragma once

#include "base/bytes.h"
#include "entry/entry.h"
#include "entry/ground/places.h"

/* More of a kind than anybody has: the rest is left out, with a note. */
enum {
	FINDER_ENTRIES_MAX = 4096,
	FINDER_INITRDS_MAX = 64,
	FINDER_TEXT_MAX = 65536, /* of one value in a file */
	FINDER_PATH_MAX = 4096,
};

struct folder;   /* a listing that was made before */
struct crossing; /* a folder that may be a link: ground/follow.h */
struct grub;

/* What a finder leaves to be decided when all have run. */
struct finding {
	size_t first, count; /* its entries */
	bool has_default;
	size_t chosen; /* among all entries, the boot loader's next one */
	const char
		*doubt; /* why which one that is cannot be told, with file and line; NULL: it can */
	const char *incomplete; /* why there may be others; NULL: these are all */
};

struct finder {
	const struct source *source;
	struct arena *arena;
	struct notes *notes;
	struct places places;
	struct folder *folders;
	struct crossing *crossings;
	const char *release; /* of the running kernel; "": unknown */
	const char *uname_machine;
	enum cpu_arch arch;
	bool is_efi;
	struct grub *grub; /* NULL: it is not there, or not read yet */
	struct entry *entries;
	size_t count;
	bool is_full; /* which was noted */
	const char
		*unreadable; /* the first file that is there and cannot be read, why; NULL: none */
};

/*
 * What the running system is; source and arena are set. What cannot be read of it is kept in unreadable.
 * False when memory is out.
 */
bool finder_set_up(struct finder *f);

/*
 * These are for files that decide what is booted. False where there is none, and where it is there and
 * cannot be read: that is kept in unreadable, so that what is found then is no answer.
 */

/* Whether there is something at this absolute path, be it file, folder or link. */
bool finder_exists(struct finder *f, const char *path);

/* The names in the folder of this absolute path; false where there is none. */
bool finder_list(struct finder *f, const char *path, const char *const **ret);

bool finder_read(struct finder *f, const char *path, struct view *ret);

/* The same for the first bytes, at most limit, of a file of any size: see source.h. */
bool finder_look(struct finder *f, const char *path, size_t limit, struct view *ret);

/* Keeps the reason why something could not be read, where it is the first one. */
void finder_keep_unreadable(struct finder *f, const struct error *err);

/* For a fact that decides nothing: why it is unknown does not matter. */
bool finder_peek(struct finder *f, const char *path, struct view *ret);

/*
 * Text of a file that people read, as it is there; who prints it sees to the terminal. A zero byte, which
 * would end it, becomes '?'. NULL when memory is out.
 */
char *finder_title(struct finder *f, struct view text);

/*
 * A value that is used: false, with an obstacle, where it has control characters or is too long.
 * A tab becomes a blank.
 */
bool finder_text(struct finder *f, struct entry *entry, const char *what, struct view text,
	const char **ret);

/* For the first reason only; the formatted text lives in the arena. */
void finder_obstacle(struct finder *f, struct entry *entry, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void finder_remark(struct finder *f, struct entry *entry, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The path in one way: one slash between names and before the first, none of them "." or "..", which at
 * the top stays there, as in every file system. NULL when memory is out.
 */
const char *finder_normalise(struct finder *f, const char *path);

/*
 * Where the file is now that a boot loader calls path, on the file system that place is a mount of
 * (NULL: nothing is known of mounts, and base is where it seems to be). What names the file in an
 * obstacle. NULL with an obstacle where it is not there.
 */
const char *finder_locate(struct finder *f, struct entry *entry, const struct place *place,
	const char *base, const char *what, const char *path);

/* What of a kernel's path tells its release: "/boot/vmlinuz-6.1.0-9-amd64"; "": nothing. */
const char *finder_release_of(struct finder *f, const char *kernel);

/* Makes a list of initrds; false when memory is out. */
bool finder_add_initrd(struct finder *f, struct entry *entry, const char *path);

/* Completes it by what follows from the rest, and adds it. An entry without kernel has an obstacle. */
bool finder_add(struct finder *f, struct entry entry);

/*
 * Ends a finder whose first entry is the default: what was added since ret->first is its own, sorted by
 * compare (of two const struct entry *, for qsort) where that is not NULL.
 */
void finder_end(
	const struct finder *f, struct finding *ret, int (*compare)(const void *, const void *));

/* Whether an entry has this kernel already: what is only found by name is not listed again. */
bool finder_has_kernel(const struct finder *f, const char *kernel);

/* The command line for kernels that have no entry: /etc/kernel/cmdline; NULL: that of the running. */
const char *finder_command_line(struct finder *f);

/* Whether a file that is named like a kernel is what a package or an editor left beside one. */
bool finder_is_leftover(const char *name);

/* The release that the kernel's file itself tells; "": it does not. */
const char *finder_release_in(struct finder *f, const char *kernel);

bool grub_find(struct finder *f, struct finding *ret);
bool bls_find(struct finder *f, struct finding *ret);
bool extlinux_find(struct finder *f, struct finding *ret);
bool installkernel_find(struct finder *f, struct finding *ret);
bool links_find(struct finder *f, struct finding *ret);
bool kernel_install_find(struct finder *f, struct finding *ret);
bool files_find(struct finder *f, struct finding *ret);

/*
 * Completes what GRUB's finder found by what GRUB would take: by its variables, among its entries and
 * (where its menu has those of UAPI.1) what their finder found.
 */
void grub_default(struct finder *f, const struct finding *bls, struct finding *ret);
