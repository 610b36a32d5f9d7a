/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/one-time.h"

#include "machine/text.h"

#define EFI_VARIABLES "sys/firmware/efi/efivars/"

/* UEFI specification 2.10, 8.5.4: OsIndications, in the firmware's own name space. */
#define OS_INDICATIONS EFI_VARIABLES "OsIndications-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* "The Boot Loader Interface", in that of systemd. */
#define LOADER(name) EFI_VARIABLES name "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

enum {
	EFI_ATTRIBUTES = 4, /* bytes of a file in efivarfs before the value */
	BOOT_TO_FIRMWARE_UI = 1,
};

/* What is set when it is there. The last ones stand in for variables where there is no EFI. */
static const struct {
	const char *path, *what;
} files[] = {
	{ LOADER("LoaderEntryOneShot"), "the boot loader is to boot an entry once" },
	{ LOADER("LoaderConfigTimeoutOneShot"), "the boot loader is to show its menu once" },
	{ "run/systemd/reboot-to-firmware-setup", "the firmware's setup is asked for" },
	{ "run/systemd/reboot-to-boot-loader-entry", "the boot loader is to boot an entry once" },
	{ "run/systemd/reboot-to-boot-loader-menu", "the boot loader is to show its menu once" },
};

static bool is_setup_asked_for(const struct source *source, struct arena *arena)
{
	struct view bytes;
	struct reader r;
	uint64_t bits;

	if (!source_read(source, OS_INDICATIONS, arena, &bytes))
		return false;
	r = reader_at(bytes, EFI_ATTRIBUTES);
	bits = reader_le64(&r);
	return !r.overrun && (bits & BOOT_TO_FIRMWARE_UI);
}

/* "The GNU GRUB Manual", "Environment block": lines NAME=VALUE. */
static bool has_next_entry(const struct source *source, const char *path, struct arena *arena)
{
	struct view text, value;

	return source_read(source, path, arena, &text) &&
		text_value(text, "next_entry", '=', &value) && value.n;
}

const char *one_time_find(const struct source *source, struct arena *arena)
{
	static const char *const grubs[] = { "boot/grub/grubenv", "boot/grub2/grubenv" };
	struct view ignored;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (source_read(source, files[i].path, arena, &ignored))
			return files[i].what;
	if (is_setup_asked_for(source, arena))
		return "the firmware's setup is asked for";
	for (size_t i = 0; i < sizeof grubs / sizeof *grubs; i++)
		if (has_next_entry(source, grubs[i], arena))
			return arena_printf(arena,
				"GRUB is to boot an entry once: next_entry in /%s", grubs[i]);
	return NULL;
}
