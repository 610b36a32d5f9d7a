/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices of the running machine's device tree that are watchdogs, and the clocks that they count. */
#include <libfdt.h>
#include <string.h>

#include "watchdog/kinds.h"

enum { CELL = 4 };

static bool is_disabled(const void *fdt, int node)
{
	int n = 0;
	const char *status = fdt_getprop(fdt, node, "status", &n);

	return status && strncmp(status, "ok", (size_t)n) != 0 &&
		strncmp(status, "okay", (size_t)n) != 0;
}

/* Whether addresses of the node's parent are the CPU's: every bus above passes them on as they are. */
static bool is_mapped_as_is(const void *fdt, int node)
{
	for (int parent = fdt_parent_offset(fdt, node); parent > 0;
		parent = fdt_parent_offset(fdt, parent)) {
		int size = 0;

		if (!fdt_getprop(fdt, parent, "ranges", &size) || size != 0)
			return false;
	}
	return true;
}

enum watchdog_answer tree_watchdog(const struct watchdog_grounds *grounds, const char *compatible,
	struct arena *arena, struct tree_device *ret, struct error *err)
{
	struct tree_device found = { 0 };
	struct error ignored = { 0 };
	int node;

	if (grounds->machine->device_tree.n == 0 ||
		!flat_tree_open(grounds->machine->device_tree, arena, &found.tree, &ignored))
		return WATCHDOG_ABSENT;
	node = fdt_node_offset_by_compatible(found.tree.fdt, -1, compatible);
	while (node >= 0 && is_disabled(found.tree.fdt, node))
		node = fdt_node_offset_by_compatible(found.tree.fdt, node, compatible);
	if (node < 0)
		return WATCHDOG_ABSENT;
	found.node = node;
	if (!is_mapped_as_is(found.tree.fdt, node))
		return watchdog_obstacle(err,
			"the watchdog %s of the device tree lies behind a bus with other addresses",
			compatible);
	if (!flat_tree_reg(&found.tree, fdt_parent_offset(found.tree.fdt, node), node, arena,
		    &found.registers))
		return watchdog_obstacle(err, "out of memory");
	*ret = found;
	return WATCHDOG_THERE;
}

uint64_t tree_clock(const struct tree_device *device)
{
	int size = 0, clock;
	const void *p = fdt_getprop(device->tree.fdt, device->node, "clocks", &size);
	struct reader r = reader_at((struct view){ p, p ? (size_t)size : 0 }, 0);
	uint32_t handle = reader_be32(&r);
	const void *hertz;

	if (r.overrun)
		return 0;
	clock = fdt_node_offset_by_phandle(device->tree.fdt, handle);
	if (clock < 0 || fdt_node_check_compatible(device->tree.fdt, clock, "fixed-clock") != 0)
		return 0;
	hertz = fdt_getprop(device->tree.fdt, clock, "clock-frequency", &size);
	r = reader_at((struct view){ hertz, hertz && size == CELL ? CELL : 0 }, 0);
	return reader_be32(&r);
}
