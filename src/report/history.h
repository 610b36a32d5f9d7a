/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last reboots of this system, a line each, the oldest first: what each of them took. */
#pragma once

#include "machine/source.h"
#include "report/kernel-times.h"

#define HISTORY_FILE "/var/lib/saut/history"

enum { HISTORY_MAX = 50 };

/* "1 WHEN kexec|firmware|unknown RELEASE SHUTDOWN AWAY BOOT"; "-" for what is not known. */
struct past_reboot {
	uint64_t when; /* seconds since 1970, when the boot that it led to was done */
	const char *way, *release;
	struct own_time shutdown; /* until all services had stopped, or the last that is known */
	struct own_time away;     /* from there to the kernel's clock */
	struct own_time boot;     /* from there to the boot service */
};

struct history {
	struct past_reboot items[HISTORY_MAX];
	size_t count;
};

/* What is not understood is left out. */
struct history history_read(const struct source *source, struct arena *arena);

/* With one more behind, without the oldest where that is too many; NULL when memory is out. */
const char *history_text(
	const struct history *history, const struct past_reboot *more, struct arena *arena);
