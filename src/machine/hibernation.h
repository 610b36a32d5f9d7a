/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An image of a hibernated system, of which the running one knows nothing: it has file systems in use that it
 * would go on with (Documentation/power/swsusp.rst).
 */
#pragma once

#include "machine/source.h"

struct hibernation {
	const char *where; /* of an image, in words; NULL: none was seen */
	const struct error *unreadable;
	bool is_blind; /* udev left nothing to look at */
};

/* udev's database names a swap with such a signature; systemd leaves an EFI variable with the place. */
struct hibernation hibernation_look(const struct source *source, struct arena *arena);
