/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/multiboot-screen.h"

/* Offsets in struct screen_info, the beginning of boot_params; its text mode lies at 0xb8000. */
enum {
	COLUMNS = 0x07,
	LINES = 0x0e,
	KIND = 0x0f,
	WIDTH = 0x12,
	HEIGHT = 0x14,
	DEPTH = 0x16,
	BASE = 0x18,
	LINE_LENGTH = 0x24,
	CAPABILITIES = 0x36,
	BASE_HIGH = 0x3a,

	KIND_TEXT = 1,
	KIND_VESA = 0x23,
	KIND_EFI = 0x70,
	BASE_IS_64_BIT = 1 << 1,
	VGA_TEXT = 0xb8000,
	CELL = 2, /* bytes of a character with its attribute */
};

static struct multiboot_screen text_screen(struct view info)
{
	struct reader columns = reader_at(info, COLUMNS), lines = reader_at(info, LINES);
	struct multiboot_screen screen = {
		.type = SCREEN_TEXT,
		.address = VGA_TEXT,
		.width = reader_u8(&columns),
		.height = reader_u8(&lines),
		.bits = 8 * CELL,
	};

	screen.pitch = CELL * screen.width;
	return screen;
}

static struct multiboot_screen pixel_screen(struct view info)
{
	struct multiboot_screen screen = { .type = SCREEN_RGB };
	struct reader r = reader_at(info, WIDTH), high = reader_at(info, BASE_HIGH);
	struct reader capabilities = reader_at(info, CAPABILITIES);

	screen.width = reader_le16(&r);
	screen.height = reader_le16(&r);
	screen.bits = (uint8_t)reader_le16(&r);
	screen.address = reader_le32(&r);
	if (reader_le32(&capabilities) & BASE_IS_64_BIT)
		screen.address |= (uint64_t)reader_le32(&high) << 32;
	r = reader_at(info, LINE_LENGTH);
	screen.pitch = reader_le16(&r);
	for (unsigned i = 0; i < 3; i++) {
		screen.colours[2 * i + 1] = reader_u8(&r); /* the size comes first here */
		screen.colours[2 * i] = reader_u8(&r);
	}
	return screen;
}

struct multiboot_screen multiboot_screen_of(const struct machine *machine)
{
	struct reader kind = reader_at(machine->boot_params, KIND);
	struct multiboot_screen screen = { .type = SCREEN_NONE };

	if (machine->framebuffer.owner == FRAMEBUFFER_DRIVER)
		return screen;
	switch (reader_u8(&kind)) {
	case KIND_TEXT:
		screen = text_screen(machine->boot_params);
		break;
	case KIND_VESA:
	case KIND_EFI:
		screen = pixel_screen(machine->boot_params);
		break;
	}
	if (screen.width == 0 || screen.height == 0 || screen.address == 0)
		screen.type = SCREEN_NONE;
	return screen;
}
