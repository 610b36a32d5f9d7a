/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mounts what the boot loader reads and nobody has mounted, read-only and for us alone: what fstab
 * has for /boot, /efi and /boot/efi, and the partitions that say by their type what they are for,
 * where systemd-gpt-auto-generator(8) would mount them.
 */
#pragma once

#include "base/notes.h"
#include "sys/mounts.h"

/* A note tells what was mounted, or why it could not be. mounts_rejoin is due in the end. */
void mount_boot(struct mounts *mounts, struct notes *notes);
