/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which init runs as process 1, what loads a kernel in its shutdown, and what jumps into it at the end. */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

enum init {
	INIT_SYSTEMD,
	INIT_OPENRC,      /* sysvinit's init, which starts OpenRC */
	INIT_OPENRC_INIT, /* OpenRC's own */
	INIT_SYSVINIT,
	INIT_RUNIT,
	INIT_UNKNOWN, /* any other, and none at all: a shell, a container's only process */
};

struct init_facts {
	enum init init;
	const char *
		name; /* the program that process 1 runs: "/usr/lib/systemd/systemd"; "": unknown */
	const char *jumper; /* "/etc/inittab, line 31": a hook that jumps; NULL: none is seen */
	/* What loads a kernel in its shutdown: "/etc/rc6.d/K01kexec-load"; NULL: nothing is seen. */
	const char *loader;
	bool loader_is_foreign; /* it is another package's, and nothing is known of what it does */
	const char *
		unread; /* why the init or its hooks may be others than these; NULL: they are not */
};

struct init_facts init_capture(const struct source *source, struct arena *arena);
