/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What hardware a machine has, by the names that other people would call it by: the drivers that have a
 * device, the modules that are loaded, the firmware's tables (DMI), the model of its CPU, the device
 * tree's compatible strings. Each question is answered by yes, no or not to be told.
 */
#pragma once

#include "machine/flat-tree.h"
#include "machine/machine.h"

struct hardware {
	bool is_hidden; /* there is no /sys to look at: what is absent may be there */
	/* NULL-terminated; NULL: not to be told. */
	const char *const *drivers; /* with a device on the buses pci or vmbus; some twice */
	struct view modules;        /* the text of /proc/modules */
	bool modules_unknown;
	struct view cpuinfo; /* empty: not to be told */
	struct flat_tree tree;
	bool has_tree, tree_unknown;

	const struct source *source;
	struct arena *arena;
};

/* What is unreadable is not to be told; all lives in the arena. */
struct hardware hardware_read(const struct source *source, struct arena *arena);

enum answer hardware_has_driver(const struct hardware *hardware, struct view name);
enum answer hardware_has_module(const struct hardware *hardware, struct view name);

/* Whether a field of /sys/class/dmi/id is this text. A machine without DMI has none. */
enum answer hardware_dmi_is(const struct hardware *hardware, struct view field, struct view text);

/* A line of /proc/cpuinfo about the first CPU; flags are words of one. */
enum answer hardware_cpu_is(const struct hardware *hardware, const char *key, struct view value);
enum answer hardware_cpu_has(const struct hardware *hardware, struct view flag);

/* Whether some node of the device tree is compatible with this. */
enum answer hardware_tree_has(const struct hardware *hardware, struct view compatible);
