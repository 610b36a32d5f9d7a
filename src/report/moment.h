/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The moments of a reboot, in their order, and the stamp of one by every clock that there was. What is written down of
 * a moment is so by who acts then: the boot that ends, the stub, the kernel that begins.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum moment {
	/* In the boot that ends: on its disk. */
	MOMENT_ASKED,       /* somebody called saut reboot */
	MOMENT_SHUTDOWN,    /* the shutdown has begun */
	MOMENT_LOAD_BEGINS, /* of the kernel, for this reboot */
	MOMENT_LOADED,
	MOMENT_STOPPED, /* all services have stopped */
	MOMENT_LEAVES,  /* reboot(2) is called next */
	/* Between the kernels: by the stub. */
	MOMENT_STUB_ENTERED,
	MOMENT_STUB_VERIFIED, /* what was loaded is what was read from files */
	MOMENT_KERNEL_ENTERED,
	/* In the boot that begins. */
	MOMENT_KERNEL_CLOCK, /* the kernel's clock begins to run: its 0 */
	MOMENT_INIT,         /* the first program, of the initrd where there is one */
	MOMENT_ROOT,         /* the root file system is mounted */
	MOMENT_SYSTEM,       /* the init of the root file system runs */
	MOMENT_FINISHED,     /* the boot is done */
};

enum {
	MOMENTS = MOMENT_FINISHED + 1,
	MOMENTS_RECORDED = MOMENT_LEAVES + 1, /* those of the boot that ends */
};

/* One word for programs, as in JSON and in records: "services-stopped". */
const char *moment_name(enum moment moment);

struct stamp {
	bool is_known;
	uint64_t wall_us; /* since 1970; somebody may set that clock */
	uint64_t boot_us; /* since this boot's kernel began, sleep included: CLOCK_BOOTTIME */
	uint64_t ticks;   /* of the CPU's counter, which goes on across a jump; 0: it has none */
};

/* "WALL BOOT TICKS", decimal; NULL when memory is out. */
const char *stamp_text(const struct stamp *stamp, struct arena *arena);

/* Of such a text; what is anything else is not known. */
struct stamp stamp_parse(struct view text);
