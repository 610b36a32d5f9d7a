/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Off switches: may a reboot go by kexec now, and if not, which switch says so? The one answer for
 * all that reboots or loads by itself: the boot services and `saut reboot`. Who loads by hand
 * (`kexec -l`, `saut load`) is not kept from it. What cannot be read may say no, and is taken for it.
 */
#pragma once

#include "machine/machine.h"

/* For good: yes or no, in any of the files of off-switch.c; KNAME=- and KERNEL_IMAGE=- say no too. */
#define OFF_SETTING "REBOOT_BY_KEXEC"

/* For the next reboot only; gone with it, since /run is. */
#define OFF_ONCE_FILE "/run/nokexec"

enum off_switch_kind {
	OFF_NONE,   /* nothing is switched off */
	OFF_ALWAYS, /* by a setting */
	OFF_ONCE,   /* by a file */
	OFF_TOLD, /* since the firmware or the boot loader was told something for its next start */
	OFF_UNLOADED, /* since somebody unloaded by hand; who asks for a kernel now wishes otherwise */
	OFF_UNKNOWN, /* what may switch it off cannot be read, which counts as off */
	OFF_KERNEL, /* the kernel loads nothing any more until the next boot, and nothing is loaded */
};

struct off_switch {
	enum off_switch_kind kind;
	const char
		*what; /* "/etc/kexec.conf, line 3, has REBOOT_BY_KEXEC=no"; NULL with OFF_NONE */
	const char *undo; /* the step that turns it on again; NULL with OFF_NONE */
};

struct off_switch off_switch_find(
	const struct source *source, struct arena *arena, const struct kexec_ability *ability);

/*
 * One-time switches that others know: a file in the root folder, which a boot script looks for and
 * removes.
 */
struct foreign_switch {
	const char *file;   /* "/nokexec" */
	const char *script; /* "/etc/init.d/kexec" */
};

enum { FOREIGN_SWITCHES = 2 };

extern const struct foreign_switch foreign_switches[FOREIGN_SWITCHES];

/* Whether its script is installed and names the file: it would load, and it will remove the file. */
bool foreign_switch_is_used(
	const struct foreign_switch *foreign, const struct source *source, struct arena *arena);
