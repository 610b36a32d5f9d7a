/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What extlinux(1) left for syslinux' next start: the auxiliary data vector, two copies of 512 bytes at the
 * end of ldlinux.sys. In each a head signature, a checksum, items of a tag, a length and bytes, and a
 * tail signature.
 */
#pragma once

#include "base/bytes.h"

enum adv_tag {
	ADV_BOOT_ONCE = 1, /* what to boot once: a label and words (extlinux --once) */
	ADV_MENU_SAVE = 2, /* the label that was chosen last (MENU SAVE) */
};

/* More than any ldlinux.sys has, in bytes. */
#define ADV_FILE_MAX (4U << 20)

/* False where there is none: the file has no valid copy, or that says nothing of it. */
bool adv_find(struct view file, enum adv_tag tag, struct view *ret);
