/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What firmware and boot loader cost the last time: as ACPI's table of the boot's performance (FPDT) and boot loaders'
 * EFI variables have it, which stay across jumps, and as we have measured it then.
 */
#pragma once

#include "machine/source.h"
#include "report/kernel-times.h"
#include "report/moment.h"

/* "1 WHEN FROM AWAY RESET", the last boot through the firmware; "-" for what is not known. */
#define COLD_BOOT_FILE "/var/lib/saut/cold-boot"

struct firmware_times {
	struct own_time firmware; /* from the reset to the boot loader */
	struct own_time loader;   /* from there to the kernel */
	const char *by;           /* "FPDT", "EFI variables"; NULL: neither is known */
};

struct firmware_times firmware_times_read(const struct source *source, struct arena *arena);

/* A time in words of such files: decimal microseconds, or "-". */
bool own_time_take(struct view *text, struct own_time *ret) __attribute__((warn_unused_result));
const char *own_time_text(struct own_time time, struct arena *arena);

/* What we have measured of it. */
struct cold_boot {
	uint64_t when;        /* seconds since 1970 */
	enum moment from;     /* of the boot before */
	struct own_time away; /* from there to the kernel's clock */
	struct own_time
		reset; /* from the reset of the CPU, and of its counter, to the kernel's clock */
};

/* False where there is none, or it is not understood. */
bool cold_boot_read(const struct source *source, struct arena *arena, struct cold_boot *ret);

/* As text for the file; NULL when memory is out. */
const char *cold_boot_text(const struct cold_boot *cold, struct arena *arena);
