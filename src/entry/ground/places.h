/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Places: which file system is mounted where, and by which name a boot loader knows it. By
 * /proc/self/mountinfo (proc(5)), udev's database and /etc/fstab; no device is opened.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "machine/source.h"

struct place {
	const char *point; /* where it is mounted */
	const char *root;  /* the folder of the file system that is mounted there; "/": all of it */
	const char *device; /* "8:2", with the source's name behind it; the same for the same one */
	const char *type;   /* of the file system: "ext4" */
	const char *uuid, *label; /* "": unknown */
};

/* A line of /etc/fstab. */
struct fstab_line {
	unsigned line;
	const char *what, *point;
};

struct places {
	const struct place *items; /* none that is hidden by a later mount */
	size_t count;
	const struct fstab_line *fstab;
	size_t fstab_count;
	bool has_uuids; /* of all devices that are mounted, as far as they have one */
	/* The first of these files that is there and cannot be read, and why; NULL: none is. */
	const char *unreadable;
};

/* False only when memory is out. */
bool places_read(const struct source *source, struct arena *arena, struct places *ret)
	__attribute__((warn_unused_result));

/* The one that an absolute path lies in; NULL where nothing is known of mounts. */
const struct place *places_of(const struct places *places, const char *path);

/* By UUID or by label, of which the other is NULL; NULL where none of those mounted has it. */
const struct place *places_find(const struct places *places, const char *uuid, const char *label);

/* The line of fstab that has this UUID or label. */
const struct fstab_line *places_in_fstab(
	const struct places *places, const char *uuid, const char *label);

/* Whether there is what mounts something when somebody looks into it, and has not done so. */
bool places_is_automount(const struct places *places, const char *point);

/* The line of fstab for a folder where nothing is mounted now; NULL: there is none. */
const struct fstab_line *places_missing(const struct places *places, const char *point);

/*
 * The same for the folders that kernels lie in, /boot, /efi and /boot/efi, one after the other: *at
 * begins with 0. NULL at the end.
 */
const struct fstab_line *places_next_missing(const struct places *places, size_t *at);

/* A path of a file system as an absolute path of now, by one of the places where it is mounted. */
struct way {
	const char *path;
	const struct place *place; /* NULL: nothing is known of mounts */
};

/*
 * The ways to write path, which is relative to the file system of place: how many there are, at
 * most max of them.
 */
size_t places_paths(const struct places *places, const struct place *place, const char *path,
	struct arena *arena, struct way *ret, size_t max);
