/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The machine's hardware watchdogs, by which a machine that hangs behind a jump is reset: what is
 * there, and the recipe of register accesses that sets its time and starts it. Pure: facts of the
 * machine in, a recipe out, which the stub runs after the old kernel has stopped its devices.
 *
 *	watchdog_capture	reads the facts, by a source
 *	watchdog_find		the one that is used, with what it can count; or why none can be
 *	watchdog_check_next	that the next kernel has the driver, which can stop it
 *	watchdog_set		the recipe for so many seconds
 *
 * Only hardware that is certainly there is used: a driver of the running kernel is bound to it, or its
 * table of ACPI, its node of the device tree or its PCI identity says so. Nothing is probed, and no
 * step is about memory that the memory map has as anything but reserved.
 */
#pragma once

#include "base/error.h"
#include "machine/machine.h"
#include "plan/recipe.h"

enum {
	/* A time-out that is too short for a kernel's start up to its driver helps nobody. */
	WATCHDOG_SECONDS_MIN = 30,
	/* More than any hardware here counts. */
	WATCHDOG_SECONDS_MAX = 86400,
};

/* A folder of /sys/class/watchdog: a driver has it. */
struct watchdog_device {
	struct view name;     /* "watchdog0" */
	struct view identity; /* "iTCO_wdt"; empty: the kernel does not say */
	struct view
		driver; /* its driver's module; empty: the same, as where sysfs has no link to it */
	bool is_active; /* somebody has it open, or it cannot be stopped */
	bool cannot_stop; /* nowayout */
};

/* A folder of /sys/bus/pci/devices. config is the part of it that the caller may read. */
struct pci_function {
	uint32_t domain;
	uint8_t bus, slot, function;
	uint16_t vendor, device;
	uint32_t class;
	struct view config;
	struct view resource; /* text: "START END FLAGS", a line for each region */
};

struct watchdog_facts {
	const struct watchdog_device *devices;
	size_t device_count;
	const struct pci_function *functions; /* those of chips that may have a watchdog */
	size_t function_count;
	struct view wdat, gtdt; /* of ACPI; empty where there is none */
	struct view iomem;      /* text: which regions drivers have taken */
	/* A misc device that is none of devices: it keeps 120 s by itself where somebody has it open. */
	bool has_ipmi;
	bool keeps_at_reboot; /* no driver's watchdog is stopped then: watchdog.stop_on_reboot=0 */
};

/* FAULT_MACHINE_UNREADABLE where something is there and cannot be read. All is in the arena. */
bool watchdog_capture(const struct source *source, struct arena *arena, struct watchdog_facts *ret,
	struct error *err) __attribute__((warn_unused_result));

struct watchdog_grounds {
	const struct machine *machine;
	const struct watchdog_facts *facts;
};

struct watchdog_kind;

struct watchdog {
	const struct watchdog_kind *kind;
	const char *name;        /* "Intel TCO" */
	const char *driver;      /* the module that can stop it: "iTCO_wdt" */
	const char *identity;    /* what that calls itself */
	uint32_t least, longest; /* seconds that it can be set to */
	/*
	 * Some reset the machine when their time is over for the second time, and some of these
	 * differ in how long the second one is: by then at the latest it is so many times as much.
	 */
	uint32_t latest_factor;
	const char *
		device; /* "/dev/watchdog0" of one that a driver leaves running; NULL: by a recipe */
	/* What the kind has found; nobody else's. */
	uint64_t base, other, clock;
	const struct pci_function *function;
};

/*
 * The first of the kinds that is there, in the order of the table: what the firmware describes, then
 * what is known of chips. FAULT_NO_WATCHDOG says why none can be used, where one is there as well.
 */
bool watchdog_find(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err) __attribute__((warn_unused_result));

/*
 * Where no recipe can run: one that the running kernel's driver leaves running, if it is opened and set
 * before. kind is NULL. FAULT_NO_WATCHDOG says why there is none.
 */
bool watchdog_find_kept(const struct watchdog_facts *facts, struct arena *arena,
	struct watchdog *ret, struct error *err) __attribute__((warn_unused_result));

/*
 * What is started must be able to be stopped: FAULT_NO_WATCHDOG where the next kernel has no such
 * driver or that cannot be known. release is the first word of its version, "" for unknown; the source is
 * of the system that it will run.
 */
bool watchdog_check_next(const struct source *source, const struct watchdog *watchdog,
	const char *release, struct arena *arena, struct error *err)
	__attribute__((warn_unused_result));

/*
 * And that it can be loaded by its name there: no command stands in for it in modprobe.d(5), and modules
 * can be loaded at all, as far as the running system has that from its settings.
 */
bool watchdog_check_loadable(const struct source *source, const struct watchdog *watchdog,
	struct arena *arena, struct error *err) __attribute__((warn_unused_result));

/* Nor does the next kernel's command line keep it out. */
bool watchdog_check_line(const char *line, const struct watchdog *watchdog, struct error *err)
	__attribute__((warn_unused_result));

/* Whether this device of the running kernel is the watchdog, by what it tells of itself or by its driver. */
bool watchdog_has_device(const struct watchdog *watchdog, const struct watchdog_device *device);

/* Whether drivers have others than this one, which the next kernel may find running and keep by itself. */
bool watchdog_is_alone(const struct watchdog_facts *facts, const struct watchdog *watchdog);

struct watchdog_setting {
	uint32_t seconds;       /* as it was wanted, or lengthened to what can be */
	uint32_t first, latest; /* the machine is reset so many seconds after the jump, not before
				   and not later */
	struct recipe recipe;
};

/* FAULT_NO_WATCHDOG where it cannot count as far, and for registers where there must be none. */
bool watchdog_set(const struct watchdog_grounds *grounds, const struct watchdog *watchdog,
	uint32_t seconds, struct watchdog_setting *ret, struct error *err)
	__attribute__((warn_unused_result));
