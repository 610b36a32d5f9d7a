/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which grub.cfg it is that GRUB reads. */
#pragma once

#include "entry/ground/finder.h"

/* *ret: what is in it. NULL: there is none. */
const char *grub_config_file(struct finder *f, struct view *ret);
