/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/one-time.h"

#include <string.h>

#include "entry/extlinux/adv.h"
#include "entry/ground/loader-files.h"
#include "entry/ground/places.h"
#include "machine/text.h"
#include "service/trial.h"

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

bool one_time_own_of(const char *text, struct arena *arena, struct one_time_own *ret)
{
	const char *blank = text ? strchr(text, ' ') : NULL;
	struct one_time_own own = { 0 };

	if (!blank || text[0] != '/' || !blank[1])
		return false;
	own.file = arena_printf(arena, "%.*s", (int)(blank - text), text);
	own.value = blank + 1;
	*ret = own;
	return own.file != NULL;
}

struct looking {
	const struct source *source;
	struct arena *arena;
	struct one_time_own own; /* zeros: none */
	const char *unknown;     /* the first file that cannot be read, and why; NULL: none */
};

/* Whether there is such a file, whose path may begin with a slash. */
static bool read_file(struct looking *l, const char *path, struct view *ret)
{
	struct error err;

	if (source_take(l->source, path + strspn(path, "/"), l->arena, ret, &err))
		return ret->p != NULL;
	if (!l->unknown)
		l->unknown = arena_string(l->arena, view_of_string(err.reason));
	return false;
}

static bool is_setup_asked_for(struct looking *l)
{
	struct view bytes;
	struct reader r;
	uint64_t bits;

	if (!read_file(l, OS_INDICATIONS, &bytes))
		return false;
	r = reader_at(bytes, EFI_ATTRIBUTES);
	bits = reader_le64(&r);
	return !r.overrun && (bits & BOOT_TO_FIRMWARE_UI);
}

/* "The GNU GRUB Manual", "Environment block": lines NAME=VALUE. NULL: nothing is asked for. */
static const char *next_entry_in(struct looking *l, const char *folder, const char *inside)
{
	const char *path =
		arena_printf(l->arena, "%s%s%s/grubenv", folder, inside[0] ? "/" : "", inside);
	struct view text, value;

	if (!path || !read_file(l, path, &text) || !text_value(text, "next_entry", '=', &value) ||
		!value.n)
		return NULL;
	if (l->own.file && strcmp(l->own.file, path) == 0 && text_is(value, l->own.value))
		return NULL;
	return arena_printf(l->arena, "GRUB is to boot an entry once: next_entry in %s", path);
}

/* GRUB's folder on an EFI system partition has the system's name. */
static const char *next_entry_on_esp(struct looking *l, const char *folder)
{
	const char *const *names;
	const char *what = NULL;
	struct error err;

	if (!source_take_names(l->source, folder + 1, l->arena, &names, &err)) {
		if (!l->unknown)
			l->unknown = arena_string(l->arena, view_of_string(err.reason));
		return NULL;
	}
	for (size_t i = 0; names && names[i] && !what; i++)
		what = next_entry_in(l, folder, names[i]);
	return what;
}

/* extlinux --once: in ldlinux.sys, beside the configuration. */
static const char *once_of_syslinux(struct looking *l, const struct extlinux_file *config)
{
	const char *slash = strrchr(config->file, '/');
	const char *path = arena_printf(
		l->arena, "%.*s/ldlinux.sys", (int)(slash - config->file), config->file);
	struct view bytes, once;
	struct error err;
	enum presence presence;

	if (!path)
		return NULL;
	presence = l->source->look(l->source, path + 1, ADV_FILE_MAX, l->arena, &bytes, &err);
	if (presence == IS_UNREADABLE && !l->unknown)
		l->unknown = arena_string(l->arena, view_of_string(err.reason));
	if (presence != IS_THERE || !adv_find(bytes, ADV_BOOT_ONCE, &once))
		return NULL;
	return arena_printf(l->arena, "syslinux is to boot an entry once: by %s", path);
}

static const char *find(struct looking *l)
{
	const char *what = NULL;
	struct view ignored;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (read_file(l, files[i].path, &ignored))
			return files[i].what;
	if (is_setup_asked_for(l))
		return "the firmware's setup is asked for";
	for (size_t i = 0; grub_folders[i] && !what; i++)
		what = next_entry_in(l, grub_folders[i], "");
	for (size_t i = 0; esp_folders[i] && !what; i++)
		what = next_entry_on_esp(l, esp_folders[i]);
	for (const struct extlinux_file *file = extlinux_files; file->file && !what; file++)
		what = once_of_syslinux(l, file);
	return what;
}

const char *one_time_find(
	const struct source *source, struct arena *arena, const char **ret_unknown)
{
	struct looking l = { .source = source, .arena = arena };
	const char *what;
	struct trial trial;

	if (trial_read(source, TRIAL_FILE, arena, &trial) &&
		(trial.state == TRIAL_LEFT || trial.state == TRIAL_UP) &&
		!one_time_own_of(trial.one_shot, arena, &l.own))
		l.own = (struct one_time_own){ 0 };
	what = find(&l);
	struct places places;

	/* Where fstab cannot be read, the files may lie where nothing was mounted. */
	if (!what && !l.unknown)
		l.unknown =
			places_read(source, arena, &places) ? places.unreadable : "memory is out";
	*ret_unknown = what ? NULL : l.unknown;
	return what;
}
