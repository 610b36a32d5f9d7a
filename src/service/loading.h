/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is loaded for the next reboot, and by whom: a record that each load leaves in /run, since the kernel
 * itself only says that something is loaded. It is believed as far as the kernel's own flag agrees. The
 * file is of the kind that assignments.h reads.
 */
#pragma once

#include <stdint.h>

#include "machine/machine.h"
#include "service/assignments.h"

#define LOADED_FILE "/run/saut/loaded"

/* The same of the kernel that is loaded for a panic. */
#define LOADED_CRASH_FILE "/run/saut/crash"

/* What an earlier version left while its boot service had loaded: the kernel's path. */
#define LOADED_OLD_FILE "/run/saut-service"

enum loader {
	LOADER_UNKNOWN, /* somebody else, who leaves no record */
	LOADER_SERVICE,
	LOADER_SAUT,
	LOADER_KEXEC,
	LOADER_LIBRARY,
};

enum { LOADERS = LOADER_LIBRARY + 1 };

/* A kernel that was loaded. Where a text is "" it is unknown, or there is none. */
struct loading {
	enum loader by;
	uint64_t when;      /* seconds since 1970; 0: unknown */
	const char *title;  /* of its boot entry */
	const char *kernel; /* its path, absolute; of a file without a name what it is called */
	const char *release;
	const char *command_line;   /* as it will get it; NULL: unknown, or inside of the image */
	const char *const *initrds; /* NULL-terminated; NULL: unknown */
	const char *call;           /* the system call; NULL: unknown */
};

/* The word of the file, and of what is printed for programs. */
const char *loader_name(enum loader loader);

/* As lines of a file; control characters become '?'. NULL when memory is out. */
const char *loading_text(const struct loading *loading, struct arena *arena);

/* Of such lines among others, in part unknown where they do not say it; false when memory is out. */
bool loading_parse(const struct assignments *all, struct arena *arena, struct loading *ret)
	__attribute__((warn_unused_result));

/* The file of a load in the boot with this id. */
const char *loaded_text(const struct loading *loading, const char *boot_id, struct arena *arena);

/* What is known of what is loaded now. */
struct loaded {
	enum answer is;     /* by the kernel's own flag */
	bool has_record;    /* of it; without one, where is says yes, somebody else has loaded it */
	bool is_stale;      /* there is a record, and nothing is loaded any more */
	bool is_gone;       /* the kernel's file is there no more, and its file system is mounted */
	struct loading of;  /* what the record says, stale or not; zeros without one */
	const char *unread; /* why the record is not known; NULL: it is, or there is none */
};

/* is: kexec_ability.loaded. */
struct loaded loaded_find(const struct source *source, enum answer is, struct arena *arena);

/* The same for a panic. is: kexec_ability.crash_loaded. */
struct loaded loaded_crash_find(const struct source *source, enum answer is, struct arena *arena);

/* Whether the boot service loaded it, which may then load something else, or unload it. */
bool loaded_is_services(const struct loaded *loaded);

/* Whether somebody else did, whose kernel stays: until it is unloaded, jumped into, or its file is gone. */
bool loaded_is_kept(const struct loaded *loaded);
