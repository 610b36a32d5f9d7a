/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who draws on the screen: by the name of frame buffer 0, or by there being a DRM card at all. */
#include "machine/facts.h"

/* Drivers that go on drawing where the firmware did: efifb, vesafb, simplefb, simpledrm and kin. */
static const char *const firmware_names[] = {
	"EFI VGA",
	"VESA VGA",
	"simple",
	"simplefb",
	"simpledrmdrmfb",
	"efidrmdrmfb",
	"vesadrmdrmfb",
};

static bool is_firmware(struct view name)
{
	for (size_t i = 0; i < sizeof firmware_names / sizeof *firmware_names; i++)
		if (text_is(name, firmware_names[i]))
			return true;
	return false;
}

/* The name behind "0 " in /proc/fb. */
static struct view name_in_proc(const struct source *source, struct arena *arena)
{
	struct view text = fact_text(source, arena, "proc/fb"), line, number;

	while (text_line(&text, &line))
		if (text_cut(&line, ' ', &number) && text_is(number, "0"))
			return text_trim(line);
	return (struct view){ 0 };
}

static bool has_drm_card(const struct source *source, struct arena *arena)
{
	const char *const *names;

	if (!source_list(source, "sys/class/drm", arena, &names))
		return false;
	for (; *names; names++)
		if (view_has_at(view_of_string(*names), 0, "card"))
			return true;
	return false;
}

struct framebuffer_facts framebuffer_capture(const struct source *source, struct arena *arena)
{
	struct view name = fact_text(source, arena, "sys/class/graphics/fb0/name");
	struct framebuffer_facts fb = { .driver = "" };

	if (name.n == 0)
		name = name_in_proc(source, arena);
	if (name.n) {
		const char *driver = arena_string(arena, name);

		fb.driver = driver ? driver : "";
		fb.owner = is_firmware(name) ? FRAMEBUFFER_FIRMWARE : FRAMEBUFFER_DRIVER;
	} else if (has_drm_card(source, arena)) {
		/* DRM without its frame buffer emulation; simpledrm cannot be told from others. */
		fb.owner = FRAMEBUFFER_DRIVER;
	}
	return fb;
}
