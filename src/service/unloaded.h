/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An unload by hand is a wish: the next reboot goes through the firmware, whatever the boot service would
 * load for it. Who unloads leaves a file in /run, so that the wish ends with the boot; a later load or start
 * of the service takes it back. The file is of the kind that assignments.h reads.
 */
#pragma once

#include "service/loading.h"

#define UNLOADED_FILE "/run/saut/unloaded"

/* at: the time, as people write it; was_loaded: there was a kernel to unload. NULL: memory is out. */
const char *unloaded_text(
	const char *boot_id, const char *at, bool was_loaded, struct arena *arena);

/* What is known of such a wish. */
struct unloaded {
	const char *what;    /* in words; NULL: nobody wishes so */
	const char *unknown; /* with what NULL: why it is not known; NULL: it is */
};

/*
 * There is none where a kernel is loaded: that was loaded since. Where loaded says that one was and is no
 * more, a program unloaded it that leaves no file.
 */
struct unloaded unloaded_find(
	const struct source *source, const struct loaded *loaded, struct arena *arena);
