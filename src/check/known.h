/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Known: drivers and machines with which a jump goes wrong, as others have reported it. They are data,
 * known.txt, which is in the library:
 *
 *	# A comment.
 *	name: nvidia
 *	kind: graphics | device | platform
 *	module: nvidia			loaded; one of these words
 *	driver: nvidia other		has a device; one of these words
 *	dmi: sys_vendor Amazon EC2	a field of /sys/class/dmi/id, and all of what it says
 *	cpu: GenuineIntel 6 156		vendor_id, family and model
 *	cpu-flag: hypervisor sev	all of these flags of /proc/cpuinfo
 *	tree: raspberrypi,400		compatible with a node of the device tree; one of these words
 *	arch: arm			the running kernel's
 *	efi: yes			booted by EFI
 *	before: 5.6			the running kernel is older than this version
 *	call: kexec_load		by which the plan is to be loaded
 *	result: note | warn | fail
 *	reason: what goes wrong
 *	advice: what to do
 *	unbind: DRIVER...		whose devices are to be taken from it before the jump, in this order
 *	source: https://...
 *
 * An empty line ends a row. Several lines to be matched by must all hold, dmi may be there more than once.
 * Name, kind, result, reason, source and at least one of module, driver, dmi, cpu, cpu-flag and tree must
 * be there. What is not understood is an error.
 */
#pragma once

#include "check/check.h"
#include "machine/hardware.h"

enum known_kind { KNOWN_GRAPHICS, KNOWN_DEVICE, KNOWN_PLATFORM };

enum known_match {
	MATCH_MODULE,
	MATCH_DRIVER,
	MATCH_CPU,
	MATCH_CPU_FLAG,
	MATCH_TREE,
	MATCH_ARCH,
	MATCH_EFI,
	MATCH_BEFORE,
	MATCH_CALL,
	MATCH_COUNT,
};

enum { KNOWN_DMI_MAX = 4 };

struct known {
	const char *name;
	enum known_kind kind;
	struct view match[MATCH_COUNT]; /* p NULL: it does not matter */
	struct view dmi[KNOWN_DMI_MAX];
	size_t dmi_count;
	enum check_result result;
	const char *reason, *source;
	const char *advice; /* NULL: none is known */
	const char *unbind; /* ""; no driver */
};

struct known_rows {
	const struct known *items;
	size_t count;
};

/* FAULT_SETTINGS with the number of the line. Views are of the text, the rest is in the arena. */
bool known_parse(struct view text, struct arena *arena, struct known_rows *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The rows that are built in; false when memory is out. */
bool known_all(struct arena *arena, struct known_rows *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Whether this row is about the subject's machine; machine and plan may be NULL. */
enum answer known_matches(const struct known *row, const struct hardware *hardware,
	const struct check_subject *subject);

/* What all rows of a kind say together: the worst first. */
struct check_finding known_check(const struct check_subject *subject, enum known_kind kind);

/*
 * The drivers, blanks between them, that rows about this machine want unbound before a jump; "" for none,
 * which is also where nothing can be told.
 */
const char *known_unbind(const struct check_subject *subject);
