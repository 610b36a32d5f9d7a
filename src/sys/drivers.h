/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Drivers before a jump: some leave their device in a state that the same driver in the next kernel, or the
 * machine itself, does not come to terms with. So devices are taken from their drivers, by sysfs
 * (Documentation/driver-api/driver-model/binding.rst), and given back where there was no jump after all.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"

/* The running system; a test has a folder, and modules of its own. */
struct driver_calls {
	const char *sysfs;
	bool (*unload)(const char *module, struct error *err);
	bool (*load)(const char *module, struct error *err);
};

extern const struct driver_calls drivers_live;

/* A device that was taken from its driver, or a module that was unloaded. */
struct unbound {
	const char *driver; /* the driver's folder; NULL: it is a module */
	const char *name;   /* of the device or the module */
};

struct drivers {
	struct arena arena;
	struct unbound *items; /* in the order in which it was done */
	size_t count;
	struct notes notes; /* what was done */
};

enum { DRIVERS_SECONDS = 10 }; /* for all of them */

/*
 * For each word of names, in this order: unbinds all devices of the driver of this name, on whatever
 * bus; else those of all drivers of the module of this name; else unloads the module where it has no
 * driver. What is not there is passed over. Within DRIVERS_SECONDS, or it fails: a driver may hang.
 * After a failure all is as it was, or the error says what is not. *ret is drivers_forget's in any case.
 */
bool drivers_unbind(const struct driver_calls *calls, const char *names, struct drivers *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Gives all back, the last one first; goes on after a failure, and tells the first. */
bool drivers_bind(const struct driver_calls *calls, struct drivers *drivers, struct error *err)
	__attribute__((warn_unused_result));

void drivers_forget(struct drivers *drivers);
