/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line that a boot service gives the next kernel: root= is in it once, or not at all. */
#pragma once

#include "base/arena.h"
#include "base/notes.h"
#include "machine/source.h"

struct service_line {
	const char *running;    /* the running kernel's */
	const char *whole;      /* APPEND: nothing else counts; "": not set */
	const char *given;      /* of the boot loader's entry; NULL: it has none */
	bool reuses;            /* --reuse-cmdline was given */
	const char *appended;   /* --append of KEXEC_OPT_ARGS; "": none */
	const char *parameters; /* KPARAM */
	const char *root;       /* ROOTPART; "": not set */
	const char *mounted;    /* the device that is mounted at /; NULL: unknown */
};

/* NULL when memory is out. */
const char *service_line_make(
	const struct service_line *line, struct arena *arena, struct notes *notes);

/*
 * The device that is mounted at / now, by /proc/mounts; NULL where that is none, as for ZFS. False where
 * it cannot be told.
 */
bool service_line_root(const struct source *source, struct arena *arena, const char **ret,
	struct error *err) __attribute__((warn_unused_result));
