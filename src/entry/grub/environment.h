/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's variables as they are before grub.cfg is read. */
#pragma once

#include "entry/grub/grub.h"

void grub_set_environment(struct grub *g);
