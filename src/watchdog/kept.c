/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A watchdog that the running kernel's driver leaves running at a reboot. Most drivers ask for theirs to be
 * stopped then (watchdog_stop_on_reboot of the watchdog core), unless the core was told otherwise
 * (Documentation/watchdog/watchdog-parameters.rst, stop_on_reboot).
 */
#include <string.h>

#include "watchdog/kinds.h"

/* How long the second run of a timer is that resets at its second end is its driver's business. */
enum { LATEST_FACTOR = 2 };

/* A timer of the running kernel, and gone with it. */
static bool is_software(const char *driver)
{
	return strcmp(driver, "softdog") == 0;
}

static bool use(const struct watchdog_device *device, struct arena *arena, struct watchdog *ret,
	struct error *err)
{
	const char *identity = arena_string(arena, device->identity);
	struct watchdog found = {
		.name = identity,
		.driver = watchdog_driver_of(device, arena),
		.identity = identity,
		.device = arena_printf(
			arena, "/dev/%.*s", (int)device->name.n, (const char *)device->name.p),
		.least = 1,
		.longest = WATCHDOG_SECONDS_MAX,
		.latest_factor = LATEST_FACTOR,
	};

	if (!found.name || !found.driver || !found.device)
		return fail_no_memory(err);
	if (device->is_active)
		return fail(err, FAULT_NO_WATCHDOG,
			"the watchdog (%s) is open already, and left to who keeps it", found.name);
	*ret = found;
	return true;
}

bool watchdog_find_kept(const struct watchdog_facts *facts, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		const struct watchdog_device *device = &facts->devices[i];
		const char *driver = watchdog_driver_of(device, arena);

		if (!driver)
			return fail_no_memory(err);
		if (!driver[0] || is_software(driver))
			continue;
		if (facts->keeps_at_reboot)
			return use(device, arena, ret, err);
		return fail(err, FAULT_NO_WATCHDOG,
			"kexec_file_load has no code of its own between the kernels, and the running "
			"kernel's driver %s may stop the watchdog before (watchdog.stop_on_reboot=0 "
			"keeps it from that)",
			driver);
	}
	return fail(err, FAULT_NO_WATCHDOG,
		"kexec_file_load has no code of its own between the kernels, which could start it, and "
		"no driver is loaded that could leave it running");
}
