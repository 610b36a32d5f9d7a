/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/moment.h"

#include "machine/text.h"

static const char *const names[MOMENTS] = {
	[MOMENT_ASKED] = "asked",
	[MOMENT_SHUTDOWN] = "shutdown-begins",
	[MOMENT_LOAD_BEGINS] = "load-begins",
	[MOMENT_LOADED] = "loaded",
	[MOMENT_STOPPED] = "services-stopped",
	[MOMENT_LEAVES] = "reboot-called",
	[MOMENT_STUB_ENTERED] = "stub-entered",
	[MOMENT_STUB_VERIFIED] = "stub-verified",
	[MOMENT_KERNEL_ENTERED] = "kernel-entered",
	[MOMENT_KERNEL_CLOCK] = "kernel-clock",
	[MOMENT_INIT] = "init",
	[MOMENT_ROOT] = "root-mounted",
	[MOMENT_SYSTEM] = "system-init",
	[MOMENT_FINISHED] = "boot-finished",
};

const char *moment_name(enum moment moment)
{
	return names[moment];
}

const char *stamp_text(const struct stamp *stamp, struct arena *arena)
{
	return arena_printf(arena, "%llu %llu %llu", (unsigned long long)stamp->wall_us,
		(unsigned long long)stamp->boot_us, (unsigned long long)stamp->ticks);
}

struct stamp stamp_parse(struct view text)
{
	uint64_t numbers[3];
	struct view word;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!text_word(&text, &word) || !text_decimal(word, &numbers[i]))
			return (struct stamp){ 0 };
	return text_word(&text, &word) ? (struct stamp){ 0 }
				       : (struct stamp){ true, numbers[0], numbers[1], numbers[2] };
}
