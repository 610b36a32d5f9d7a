/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kinds of watchdogs share: a file and a row of the table each. Not for other rooms. */
#pragma once

#include "machine/flat-tree.h"
#include "watchdog/watchdog.h"

enum watchdog_answer {
	WATCHDOG_ABSENT,   /* nothing is written */
	WATCHDOG_THERE,    /* *ret is filled in */
	WATCHDOG_OBSTACLE, /* it is there and cannot be used: *err says why */
};

struct watchdog_kind {
	const char *name, *driver;
	const char *identity; /* what that driver calls itself in WDIOC_GETSUPPORT */
	uint32_t latest_factor;

	/* kind, name, driver and latest_factor of *ret are filled in already. */
	enum watchdog_answer (*look)(const struct watchdog_grounds *grounds, struct arena *arena,
		struct watchdog *ret, struct error *err);

	/* For a time between least and longest. */
	bool (*make)(const struct watchdog_grounds *grounds, const struct watchdog *watchdog,
		uint32_t seconds, struct recipe *ret, struct error *err);
};

extern const struct watchdog_kind watchdog_i6300esb, watchdog_sbsa, watchdog_sp5100, watchdog_sp805,
	watchdog_tco, watchdog_wdat;

/* WATCHDOG_OBSTACLE, with its reason. */
enum watchdog_answer watchdog_obstacle(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The module of its driver, by sysfs or by what it calls itself; "": unknown. NULL: memory is out. */
const char *watchdog_driver_of(const struct watchdog_device *device, struct arena *arena);

/* Whether a driver with this identity has one. */
bool watchdog_is_bound(const struct watchdog_facts *facts, const char *identity);

/* A number of so many bytes in a function's configuration space; false where it cannot be read. */
bool pci_config(const struct pci_function *function, unsigned offset, unsigned width, uint32_t *ret)
	__attribute__((warn_unused_result));

/* The memory of a function's first region; false where it has none, or it is switched off. */
bool pci_memory(const struct pci_function *function, struct range *ret)
	__attribute__((warn_unused_result));

/* A device of the running machine's tree. */
struct tree_device {
	struct flat_tree tree;
	int node;
	struct ranges registers; /* in the order of its reg */
};

/* The first that is compatible with this and not disabled, and whose addresses are the CPU's. */
enum watchdog_answer tree_watchdog(const struct watchdog_grounds *grounds, const char *compatible,
	struct arena *arena, struct tree_device *ret, struct error *err);

/* The frequency of its first clock, where that is a fixed one; 0 where it is not known. */
uint64_t tree_clock(const struct tree_device *device);

/* One more step; false, and an error, for a recipe that is full. */
bool recipe_add(struct recipe *recipe, struct recipe_step step, struct error *err)
	__attribute__((warn_unused_result));

/* All of these, in their order. */
bool recipe_add_all(struct recipe *recipe, const struct recipe_step *steps, size_t count,
	struct error *err) __attribute__((warn_unused_result));
