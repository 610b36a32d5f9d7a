/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the firmware or the boot loader was told for one boot only: an entry (efibootmgr --bootnext, grub-reboot,
 * bootctl set-oneshot, systemctl reboot --boot-loader-entry=, extlinux --once), its menu, the firmware's setup, a
 * capsule, a key for shim, something for the TPM; and what a shutdown completes. They forget it when they see it, so
 * that a jump past them would leave it for some later boot, where nobody expects it.
 */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

/*
 * What we have told the boot loader ourselves for a trial: "FILE VALUE", next_entry of a grubenv, or an
 * entry's id in LOADER_ENTRY_ONE_SHOT (loader-entry.h).
 */
struct one_time_own {
	const char *file, *value;
};

/* Of such a text; false where it is none, or memory is out. */
bool one_time_own_of(const char *text, struct arena *arena, struct one_time_own *ret);

/* What a trial that is not over has told it (service/trial.h); false where there is none, or memory is out. */
bool one_time_own_find(const struct source *source, struct arena *arena, struct one_time_own *ret);

/* What is asked for. */
struct one_time {
	const char *what; /* in words; NULL: nothing is */
	const char *undo; /* how it is taken back; NULL: by that boot alone */
	/* With what NULL: why something may be asked for all the same, as a file that cannot be read. */
	const char *unknown;
};

/* Of others: what one_time_own_find finds is not counted. */
struct one_time one_time_find(const struct source *source, struct arena *arena);
