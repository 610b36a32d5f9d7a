/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Source: where the files that describe a machine are read from: the live system, a captured
 * folder or archive (machine/archive.h), a table in a unit test.
 * A read has three answers: what is absent may be passed over in silence, what is there and cannot be
 * read may not.
 *
 * What the kernel tells by system call alone is a file as well, made by the live source:
 *
 *	saut/uname	RELEASE MACHINE (utsname), separated by one blank
 *	saut/syscalls	lines "kexec_load yes|no" and "kexec_file_load yes|no"
 *	saut/page-size	bytes, decimal
 *	saut/kmsg	the messages of the kernel's log that it still has, a line each
 *	saut/kmsg-times	the same with "MICROSECONDS " in front of each, since the kernel began
 *	saut/clocks	"WALL BOOT TICKS", a moment by every clock: microseconds since 1970 and since the boot began, and
 *			the CPU's counter (report/moment.h)
 *	saut/systemd-manager, saut/systemd-units	what systemctl(1) shows of times, of systemd and of its units
 *	saut/xen	what Xen tells the domain that has the machine, see machine/xen.c
 *	saut/keyrings	the kernel's own keyrings, a line each: the name, then the numbers of its keys as in
 *			/proc/keys
 *	saut/rights/PATH	"OWNER GROUP MODE kept|mount" of a file or folder, a link not followed: numbers, the mode
 *			in octal digits with the type's; mount: its file system keeps no owners
 *	saut/device-tree	the device tree as the running kernel has it now, flattened (machine/live-tree.h)
 *	saut/init	the program that process 1 runs, by /proc/1/exe; for root alone
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

enum presence {
	IS_ABSENT, /* there is no such file or folder (ENOENT, ENOTDIR); *ret and *err are untouched */
	IS_THERE,      /* *ret has it */
	IS_UNREADABLE, /* it is there, or may be; *err has its name and the reason */
};

struct source {
	/*
	 * The whole of a file, path relative to the root ("proc/iomem"), with a zero byte behind
	 * it. Anything but a regular file is IS_UNREADABLE.
	 */
	enum presence (*read)(const struct source *source, const char *path, struct arena *arena,
		struct view *ret, struct error *err);

	/*
	 * The first bytes of a file of any size, at most limit of them, with a zero byte behind: for
	 * kernels and UKIs, which read may refuse to take in. Where ret->n is the limit, the file may
	 * go on. Otherwise as read.
	 */
	enum presence (*look)(const struct source *source, const char *path, size_t limit,
		struct arena *arena, struct view *ret, struct error *err);

	/*
	 * The names in a folder without "." and "..", sorted (digits by number), as a
	 * NULL-terminated array. What is no folder is IS_ABSENT.
	 */
	enum presence (*list)(const struct source *source, const char *path, struct arena *arena,
		const char *const **ret, struct error *err);

	/*
	 * What a symbolic link says; what is none is IS_ABSENT. Only the last name of the path is not
	 * followed. NULL for a source that has no links.
	 */
	enum presence (*link)(const struct source *source, const char *path, struct arena *arena,
		const char **ret, struct error *err);
};

/*
 * For facts where it does not matter why they are unknown: true only where *ret has it. Whoever
 * decides something by the absence of a file asks source_take or source_take_names.
 */
bool source_read(
	const struct source *source, const char *path, struct arena *arena, struct view *ret);
bool source_list(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret);

/* False only for IS_UNREADABLE; what is absent is a view with p NULL, and names NULL. */
bool source_take(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err) __attribute__((warn_unused_result));
bool source_take_names(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err) __attribute__((warn_unused_result));

/* Whether a folder has something of this name, by its list of names; NULL: it has none. */
bool source_names_have(const char *const *names, const char *name);

/* For the row of a source that has its files in memory: what its read gives, cut. */
enum presence source_look_by_read(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err);

/* Of two const char *, for qsort: numbers by value, then everything else by its bytes. */
int source_compare_names(const void *x, const void *y);
