/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a kernel in a file is the running one: not of the same version only, but the same build. */
#pragma once

#include "image/image.h"
#include "machine/machine.h"
#include "machine/own-build.h"

struct build_grounds {
	const struct machine *machine;
	const struct own_build *own;
	const struct image *image;
	struct view unpacked; /* the kernel out of its file; empty: it is not unpacked here */
};

/*
 * NULL: it is the running kernel's build, by its release, its version, and by what no two builds have alike:
 * the build ID, or where it is packed the sizes and addresses of its header, which the running kernel was told as
 * well. Otherwise why it is not, or is not known to be; the text lives as long as the arena, and is "" when
 * memory is out.
 */
const char *build_difference(const struct build_grounds *grounds, struct arena *arena);
