/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last resort of a machine whose init does not reboot it. */
#pragma once

/* Writes file systems back and resets the machine through its firmware; returns where it may not. */
void restart_now(void);
