/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel by its name: one that an administrator named, or the first that is there of the names that
 * Gentoo's boot service looks for, in that order. Unlike there, the initrd belongs to the image that
 * was chosen, and of kernels with a version in their names the newest is taken, not the running one.
 */
#pragma once

#include "entry/entry.h"

struct name_wish {
	const char *boot;  /* folder: "/boot" */
	const char *image; /* a path, or a name in boot; "": look for one */
	bool is_default;   /* nobody chose image: where it is not there, one is looked for */
	const char *
		image_by; /* who says so: "KNAME (/etc/kexec.conf, line 3)"; "": it was named itself */
	const char *initrd; /* the same; "": the one that belongs to the image */
	const char *initrd_by;
	bool has_no_initrd; /* none is wanted */
};

struct named_kernel {
	const char *kernel;  /* absolute path; NULL: none has such a name */
	const char *initrd;  /* absolute path; NULL: none */
	const char *release; /* "": unknown */
	bool is_named;       /* the one that was wished for */
	bool is_newest;      /* of several with a version */
};

/*
 * Everything lives in the arena. What was left out is a note. FAULT_FILE_MISSING where a file that
 * was named is not there, FAULT_NOT_MOUNTED where that may be since boot is not mounted,
 * FAULT_ENTRY_REFUSED where it seems to need an initrd that cannot be found, FAULT_FILE_UNREADABLE
 * where what is there cannot be seen.
 */
bool entry_by_name(const struct source *source, const struct name_wish *wish, struct notes *notes,
	struct arena *arena, struct named_kernel *ret, struct error *err)
	__attribute__((warn_unused_result));
