/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Puts devices of a PC back to how its BIOS leaves them, for a next kernel that relies on that.
 * What is under the first megabyte (vectors, BIOS data, fonts) is the BIOS's own: Linux leaves it
 * alone.
 */
#pragma once

#include <stdbool.h>

/* Whether there is a BIOS: somebody answers its calls for memory and for the screen. */
bool restore_finds_bios(void);

/* Both interrupt controllers on the BIOS's vectors and lines, and its clock of 18.2 Hz. */
void restore_interrupts(void);

/* The screen in text mode 3: 80x25, 16 colours, 720x400 points, without a mode of VESA. */
void restore_vga(void);
