/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * File systems that are mounted without a byte of theirs being written: read-only is not enough where there
 * is a journal, which the kernel replays all the same.
 *
 * They are told by options, not by a device that cannot be written. BLKROSET makes it so for everybody who has the
 * device, also for who mounts it to write meanwhile, and stays when we end early. A read-only loop device on top of it
 * is seen by everybody as well: udev gives it the names of the file system (/dev/disk/by-uuid), by which others
 * mount, and btrfs, which knows its devices by what lies on them, takes it for the device that has moved. And it
 * would refuse nothing that the options below let through.
 */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

enum { JOURNAL_LOOK = 0x10048 }; /* bytes from the beginning that tell what lies there */

/*
 * *ret is what mount(8) is told besides "ro", with a comma in front, or "". False where the first bytes are of
 * no file system that is known to be left as it is.
 */
bool journal_options(struct view first, const char **ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same of what fstab(5) calls it: a device, by a tag as well, or a file. What is none, as a share of the
 * network or a folder, needs no option.
 */
bool journal_options_of(const char *what, const char **ret, struct error *err)
	__attribute__((warn_unused_result));
