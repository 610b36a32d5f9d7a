/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The screen as the firmware left it, in the terms of Multiboot's frame buffer fields. */
#pragma once

#include "machine/machine.h"

enum multiboot_screen_type { SCREEN_NONE = -1, SCREEN_RGB = 1, SCREEN_TEXT = 2 };

struct multiboot_screen {
	enum multiboot_screen_type type;
	uint64_t address;
	uint32_t pitch, width, height; /* of text in characters; the pitch is in bytes */
	uint8_t bits;                  /* of a pixel or a character */
	uint8_t colours[6];            /* red, green, blue: position and size of each */
};

/* SCREEN_NONE where there is none, or where a driver has changed its mode. */
struct multiboot_screen multiboot_screen_of(const struct machine *machine);
