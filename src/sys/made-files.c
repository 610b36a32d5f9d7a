/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/made-files.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/kernel-log.h"
#include "sys/kexec-probe.h"
#include "sys/keyrings.h"
#include "sys/process.h"
#include "sys/xen.h"

static char *text_uname(struct arena *arena)
{
	struct utsname u;

	return uname(&u) == 0 ? arena_printf(arena, "%s %s\n", u.release, u.machine) : NULL;
}

static char *text_page_size(struct arena *arena)
{
	return arena_printf(arena, "%ld\n", sysconf(_SC_PAGESIZE));
}

/* A link that only root may follow. */
static char *text_init(struct arena *arena)
{
	char path[4096];
	ssize_t n = readlink("/proc/1/exe", path, sizeof path);

	return n > 0 ? arena_string(arena, (struct view){ (const uint8_t *)path, (size_t)n })
		     : NULL;
}

static char *text_clocks(struct arena *arena)
{
	const struct clock_moment now = clock_moment();

	return arena_printf(arena, "%llu %llu %llu\n", (unsigned long long)now.wall_us,
		(unsigned long long)now.boot_us, (unsigned long long)now.ticks);
}

static char *text_of(const char *const *argv, struct arena *arena)
{
	struct error ignored;
	struct view text;

	return access("/run/systemd/system", F_OK) == 0 &&
			process_read(argv, arena, &text, &ignored)
		? arena_string(arena, text)
		: NULL;
}

static char *text_manager(struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "show", NULL };

	return text_of(argv, arena);
}

static char *text_units(struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "show",
		"--property=Id,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic",
		"*.service", "*.mount", "*.swap", "*.socket", "*.device", NULL };

	return text_of(argv, arena);
}

static const struct {
	const char *path;
	made_file *text;
} made[] = {
	{ "saut/uname", text_uname },
	{ "saut/syscalls", kexec_probe },
	{ "saut/page-size", text_page_size },
	{ "saut/kmsg", kernel_log_read },
	{ "saut/kmsg-times", kernel_log_read_times },
	{ "saut/clocks", text_clocks },
	{ "saut/systemd-manager", text_manager },
	{ "saut/systemd-units", text_units },
	{ "saut/xen", xen_text },
	{ "saut/init", text_init },
	{ "saut/keyrings", keyrings_text },
};

made_file *made_file_find(const char *path)
{
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		if (strcmp(path, made[i].path) == 0)
			return made[i].text;
	return NULL;
}
