/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the firmware or the boot loader was told for one boot only: an entry (grub-reboot, bootctl
 * set-oneshot, systemctl reboot --boot-loader-entry=, extlinux --once), its menu, the firmware's setup. They forget it
 * when they see it, so that a jump past them would leave it for some later boot, where nobody expects it.
 */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

/* What we have told GRUB ourselves for a trial: "FILE VALUE", next_entry of a grubenv. */
struct one_time_own {
	const char *file, *value;
};

/* Of such a text; false where it is none, or memory is out. */
bool one_time_own_of(const char *text, struct arena *arena, struct one_time_own *ret);

/*
 * What a trial that is not over has set (service/trial.h) is not counted.
 * In words; NULL: nothing. Then *ret_unknown is why something may be asked for all the same: a file that
 * is there and cannot be read; NULL: nothing is.
 */
const char *one_time_find(
	const struct source *source, struct arena *arena, const char **ret_unknown);
