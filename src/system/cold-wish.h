/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the wish of an unload by hand (service/unloaded.h): one reboot through the firmware. */
#pragma once

#include <stdbool.h>

#include "base/notes.h"

/* Where it cannot be written down, a note says that a boot service may load all the same. */
void cold_wish_leave(bool was_loaded, struct notes *notes);

/* Somebody wishes otherwise: a load, or a start of the boot service. */
void cold_wish_forget(void);
