/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/drop-in.h"

#include <stddef.h>

#include "sys/child.h"

static const char *const environment[] = { "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL=C", NULL };

bool drop_in_run(const char *path, unsigned seconds, struct error *err)
{
	const char *const argv[] = { path, NULL };
	const struct child child = {
		.path = path,
		.name = path,
		.argv = argv,
		.environment = environment,
		.seconds = seconds,
	};

	return child_run(&child, err);
}
