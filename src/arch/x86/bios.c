/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* struct screen_info: include/uapi/linux/screen_info.h in Linux's tree. */
#include "arch/x86/bios.h"

#include <string.h>

#include "base/arith.h"

/* Fields of screen_info, the first 64 bytes of boot_params. */
enum {
	SCREEN_CURSOR = 0x00, /* x, y */
	SCREEN_PAGE = 0x04,
	SCREEN_MODE = 0x06,
	SCREEN_COLUMNS = 0x07,
	SCREEN_ADAPTER = 0x0a, /* what INT 10h, function 12h, tells in BX */
	SCREEN_ROWS = 0x0e,
	SCREEN_KIND = 0x0f,
	SCREEN_LETTER_HEIGHT = 0x10,
	SCREEN_GRAPHICS = 0x12, /* from here on, all that graphics modes need */
	SCREEN_SIZE = 0x40,
};

enum {
	MODE_TEXT = 3,
	COLOUR_256K = 3,
	KIND_VGA_TEXT = 1,
};

bool bios_is_there(const struct machine *machine)
{
	/* A kernel that was told nothing of EFI still has ACPI where EFI put it. */
	return !machine->efi.present && !machine->efi.hidden && machine->rsdp < MiB(1);
}

static void put_text_mode(struct block *params)
{
	static const uint8_t nothing[SCREEN_SIZE];

	block_put_le16(params, SCREEN_CURSOR, 0);
	block_put_le16(params, SCREEN_PAGE, 0);
	block_put_u8(params, SCREEN_MODE, MODE_TEXT);
	block_put_u8(params, SCREEN_COLUMNS, 80);
	block_put_le16(params, SCREEN_ADAPTER, COLOUR_256K);
	block_put_u8(params, SCREEN_ROWS, 25);
	block_put_u8(params, SCREEN_KIND, KIND_VGA_TEXT);
	block_put_le16(params, SCREEN_LETTER_HEIGHT, 16);
	block_put_bytes(
		params, SCREEN_GRAPHICS, (struct view){ nothing, SCREEN_SIZE - SCREEN_GRAPHICS });
}

bool bios_text_screen(const struct machine *machine, struct arena *arena,
	const struct machine **ret, struct error *err)
{
	struct view params = machine->boot_params;
	struct machine *copy = arena_alloc(arena, sizeof *copy);
	struct block block = { arena_alloc(arena, params.n + 1), params.n, false };

	if (!copy || !block.p)
		return fail_no_memory(err);
	*copy = *machine;
	*ret = copy;
	copy->framebuffer = (struct framebuffer_facts){ .driver = "" };
	if (params.n < SCREEN_SIZE)
		return true;
	memcpy(block.p, params.p, params.n);
	put_text_mode(&block);
	copy->boot_params = (struct view){ block.p, block.n };
	return true;
}
