/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/one-time.h"

#include <string.h>

#include "entry/extlinux/adv.h"
#include "entry/ground/loader-files.h"
#include "entry/ground/places.h"
#include "machine/text.h"
#include "service/loader-entry.h"
#include "service/trial.h"

#define EFI_VARIABLES "sys/firmware/efi/efivars/"

/* UEFI specification 2.10, 3.3, "Globally Defined Variables". */
#define GLOBAL(name) EFI_VARIABLES name "-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* "The Boot Loader Interface", in the name space of systemd. */
#define LOADER(name) EFI_VARIABLES name "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* mokutil(1) asks by these, and shim's MokManager removes them when it has seen them. */
#define SHIM(name) EFI_VARIABLES name "-605dab50-e046-4300-abb6-3dd810dd8b23"

enum {
	EFI_ATTRIBUTES = 4, /* bytes of a file in efivarfs before the value */
	SBAT_AS_BEFORE = 2, /* of SbatPolicy: what shim does without it */
};

/* What is asked for when the file is there. The ones in /run stand in for variables without EFI. */
static const struct row {
	const char *path, *what, *undo;
} files[] = {
	{ GLOBAL("BootNext"), "the firmware is to boot an entry once (BootNext)",
		"efibootmgr --delete-bootnext" },
	{ &LOADER_ENTRY_ONE_SHOT[1], "the boot loader is to boot an entry once",
		"bootctl set-oneshot \"\"" },
	{ LOADER("LoaderConfigTimeoutOneShot"), "the boot loader is to show its menu once",
		"bootctl set-timeout-oneshot \"\"" },
	{ SHIM("MokNew"), "shim is asked to trust a key (MokNew)", "mokutil --revoke-import" },
	{ SHIM("MokAuth"), "shim is asked to trust a key (MokAuth)", "mokutil --revoke-import" },
	{ SHIM("MokDel"), "shim is asked to forget a key (MokDel)", "mokutil --revoke-delete" },
	{ SHIM("MokDelAuth"), "shim is asked to forget a key (MokDelAuth)",
		"mokutil --revoke-delete" },
	{ SHIM("MokXNew"), "shim is asked to forbid a key (MokXNew)",
		"mokutil --mokx --revoke-import" },
	{ SHIM("MokXAuth"), "shim is asked to forbid a key (MokXAuth)",
		"mokutil --mokx --revoke-import" },
	{ SHIM("MokXDel"), "shim is asked to forbid a key no longer (MokXDel)",
		"mokutil --mokx --revoke-delete" },
	{ SHIM("MokXDelAuth"), "shim is asked to forbid a key no longer (MokXDelAuth)",
		"mokutil --mokx --revoke-delete" },
	{ SHIM("MokPW"), "shim is asked for another password (MokPW)", NULL },
	{ SHIM("MokSB"), "shim is asked to check signatures, or not to (MokSB)", NULL },
	{ SHIM("MokDB"), "shim is asked to use the firmware's keys, or not to (MokDB)", NULL },
	{ SHIM("MokListTrustedNew"),
		"shim is asked whether its keys are to be trusted by Linux (MokListTrustedNew)",
		NULL },
	{ "run/systemd/reboot-to-firmware-setup", "the firmware's setup is asked for",
		"remove /run/systemd/reboot-to-firmware-setup" },
	{ "run/systemd/reboot-to-boot-loader-entry", "the boot loader is to boot an entry once",
		"remove /run/systemd/reboot-to-boot-loader-entry" },
	{ "run/systemd/reboot-to-boot-loader-menu", "the boot loader is to show its menu once",
		"remove /run/systemd/reboot-to-boot-loader-menu" },
	/* ostree-finalize-staged.service(8): what was loaded before the shutdown is the old one. */
	{ "run/ostree/staged-deployment",
		"a new deployment is staged, and becomes the default while the system goes down",
		"ostree admin undeploy 0" },
	/* selinux-autorelabel(8), fsck's scripts: what takes as long as it takes, and no watchdog may end it. */
	{ ".autorelabel", "the next boot is to label all files anew (/.autorelabel)",
		"remove /.autorelabel" },
	{ "forcefsck", "the next boot is to check all file systems (/forcefsck)",
		"remove /forcefsck" },
	/* systemd-soft-reboot.service(8): what is prepared there ends with /run, by any other reboot. */
	{ "run/nextroot/etc/os-release", "a soft reboot into /run/nextroot is prepared",
		"rm -r /run/nextroot (systemctl soft-reboot goes into it)" },
	{ "run/nextroot/usr/lib/os-release", "a soft reboot into /run/nextroot is prepared",
		"rm -r /run/nextroot (systemctl soft-reboot goes into it)" },
};

/* UEFI specification 2.10, 8.5.4, "OsIndications"; the bits that are left out ask for nothing. */
static const struct {
	uint64_t bit;
	const char *what, *undo;
} indications[] = {
	{ 0x01, "the firmware's setup is asked for", "bootctl reboot-to-firmware false" },
	{ 0x04, "the firmware is to take in what lies in EFI/UpdateCapsule (OsIndications)", NULL },
	{ 0x20, "the firmware is to recover the operating system (OsIndications)", NULL },
	{ 0x40, "the firmware is to recover itself (OsIndications)", NULL },
	{ 0x80, "the firmware is to tell its configuration anew (OsIndications)", NULL },
};

/*
 * UEFI specification 2.10, 8.5.5, "Delivery of Capsules via file on Mass Storage Device". Firmware that
 * keeps no variables while Linux runs, as U-Boot, takes them in without OsIndications.
 */
static const char *const capsule_folders[] = { "boot/efi/EFI/UpdateCapsule",
	"efi/EFI/UpdateCapsule", "boot/EFI/UpdateCapsule" };

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

bool one_time_own_find(const struct source *source, struct arena *arena, struct one_time_own *ret)
{
	struct trial trial;

	return trial_read(source, TRIAL_FILE, arena, &trial) &&
		(trial.state == TRIAL_LEFT || trial.state == TRIAL_UP) &&
		one_time_own_of(trial.one_shot, arena, ret);
}

struct looking {
	const struct source *source;
	struct arena *arena;
	struct one_time_own own; /* zeros: none */
	struct one_time found;
};

static bool told(struct looking *l, const char *what, const char *undo)
{
	l->found.what = what ? what : "something is asked for once";
	l->found.undo = undo;
	return true;
}

static void keep_unknown(struct looking *l, const char *reason)
{
	if (!l->found.unknown && reason)
		l->found.unknown = arena_string(l->arena, view_of_string(reason));
	if (!l->found.unknown)
		l->found.unknown = "out of memory";
}

/* Whether there is such a file, whose path may begin with a slash. */
static bool read_file(struct looking *l, const char *path, struct view *ret)
{
	struct error err;

	if (source_take(l->source, path + strspn(path, "/"), l->arena, ret, &err))
		return ret->p != NULL;
	keep_unknown(l, err.reason);
	return false;
}

/* NULL: there is no such folder, or it is not known. */
static const char *const *names_in(struct looking *l, const char *folder)
{
	const char *const *names;
	struct error err;

	if (source_take_names(l->source, folder + strspn(folder, "/"), l->arena, &names, &err))
		return names;
	keep_unknown(l, err.reason);
	return NULL;
}

static bool is_own_variable(const struct looking *l, const char *path, struct view bytes)
{
	return l->own.file && strcmp(&l->own.file[1], path) == 0 &&
		loader_entry_is(bytes, l->own.value);
}

static bool by_files(struct looking *l)
{
	struct view bytes;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (read_file(l, files[i].path, &bytes) &&
			!is_own_variable(l, files[i].path, bytes))
			return told(l, files[i].what, files[i].undo);
	return false;
}

/* systemd.offline-updates(7): a link, to whatever tells who installs what. */
static bool by_updates(struct looking *l)
{
	static const char *const links[] = { "system-update", "etc/system-update" };

	for (size_t i = 0; l->source->link && i < sizeof links / sizeof *links; i++) {
		struct error err;
		const char *ignored;

		switch (l->source->link(l->source, links[i], l->arena, &ignored, &err)) {
		case IS_THERE:
			return told(l,
				arena_printf(l->arena,
					"the next boot is to install updates (/%s), and reboots "
					"by itself",
					links[i]),
				arena_printf(l->arena, "remove /%s", links[i]));
		case IS_UNREADABLE:
			keep_unknown(l, err.reason);
			break;
		case IS_ABSENT:
			break;
		}
	}
	return false;
}

/* Cut short, it may say anything. */
static bool by_indications(struct looking *l)
{
	static const char path[] = GLOBAL("OsIndications");
	struct view bytes;
	struct reader r;
	uint64_t bits;

	if (!read_file(l, path, &bytes))
		return false;
	r = reader_at(bytes, EFI_ATTRIBUTES);
	bits = reader_le64(&r);
	if (r.overrun)
		keep_unknown(l, "/" GLOBAL("OsIndications") " is shorter than it may be");
	for (size_t i = 0; !r.overrun && i < sizeof indications / sizeof *indications; i++)
		if (bits & indications[i].bit)
			return told(l, indications[i].what, indications[i].undo);
	return false;
}

/* mokutil(1), --set-sbat-policy. */
static bool by_sbat_policy(struct looking *l)
{
	struct view bytes;

	return read_file(l, SHIM("SbatPolicy"), &bytes) &&
		!(bytes.n == EFI_ATTRIBUTES + 1 && bytes.p[EFI_ATTRIBUTES] == SBAT_AS_BEFORE) &&
		told(l, "shim is asked for another policy on revocations (SbatPolicy)", NULL);
}

static bool by_capsules(struct looking *l)
{
	for (size_t i = 0; i < sizeof capsule_folders / sizeof *capsule_folders; i++) {
		const char *const *names = names_in(l, capsule_folders[i]);

		if (names && names[0])
			return told(l,
				arena_printf(l->arena, "a capsule waits for the firmware: /%s/%s",
					capsule_folders[i], names[0]),
				arena_printf(l->arena, "remove it"));
	}
	return false;
}

/*
 * TCG, "PC Client Platform Physical Presence Interface", 2.1, operation 0 is none; Linux'
 * Documentation/ABI/testing/sysfs-driver-ppi: the operation, perhaps with an argument behind it.
 */
static bool by_presence(struct looking *l)
{
	static const char folder[] = "sys/class/tpm";
	const char *const *names = names_in(l, folder);

	for (size_t i = 0; names && names[i]; i++) {
		const char *path = arena_printf(l->arena, "%s/%s/ppi/request", folder, names[i]);
		struct view text, word = { 0 };
		uint64_t operation;

		if (!path) {
			keep_unknown(l, "out of memory");
			continue;
		}
		if (!read_file(l, path, &text))
			continue;
		if (!text_word(&text, &word) || !text_decimal(word, &operation))
			keep_unknown(l, arena_printf(l->arena, "/%s is not understood", path));
		else if (operation)
			return told(l,
				arena_printf(l->arena,
					"the firmware is asked to do operation %llu with the TPM "
					"(/%s)",
					(unsigned long long)operation, path),
				arena_printf(l->arena, "echo 0 >/%s", path));
	}
	return false;
}

/* "The GNU GRUB Manual", "Environment block": lines NAME=VALUE. */
static bool by_next_entry(struct looking *l, const char *folder, const char *inside)
{
	const char *path =
		arena_printf(l->arena, "%s%s%s/grubenv", folder, inside[0] ? "/" : "", inside);
	struct view text, value;

	if (!path) {
		keep_unknown(l, "out of memory");
		return false;
	}
	if (!read_file(l, path, &text) || !text_value(text, "next_entry", '=', &value) || !value.n)
		return false;
	if (l->own.file && strcmp(l->own.file, path) == 0 && text_is(value, l->own.value))
		return false;
	return told(l,
		arena_printf(l->arena, "GRUB is to boot an entry once: next_entry in %s", path),
		arena_printf(l->arena, "grub-editenv %s unset next_entry", path));
}

/* GRUB's folder on an EFI system partition has the system's name. */
static bool by_next_entry_on_esp(struct looking *l, const char *folder)
{
	const char *const *names = names_in(l, folder);

	for (size_t i = 0; names && names[i]; i++)
		if (by_next_entry(l, folder, names[i]))
			return true;
	return false;
}

static bool by_grub(struct looking *l)
{
	for (size_t i = 0; grub_folders[i]; i++)
		if (by_next_entry(l, grub_folders[i], ""))
			return true;
	for (size_t i = 0; esp_folders[i]; i++)
		if (by_next_entry_on_esp(l, esp_folders[i]))
			return true;
	return false;
}

/* extlinux --once: in ldlinux.sys, beside the configuration. */
static bool once_of_syslinux(struct looking *l, const struct extlinux_file *config)
{
	const char *slash = strrchr(config->file, '/');
	const char *path = arena_printf(
		l->arena, "%.*s/ldlinux.sys", (int)(slash - config->file), config->file);
	struct view bytes, once;
	struct error err;
	enum presence presence;

	if (!path) {
		keep_unknown(l, "out of memory");
		return false;
	}
	presence = l->source->look(l->source, path + 1, ADV_FILE_MAX, l->arena, &bytes, &err);
	if (presence == IS_UNREADABLE)
		keep_unknown(l, err.reason);
	if (presence != IS_THERE || !adv_find(bytes, ADV_BOOT_ONCE, &once))
		return false;
	return told(l, arena_printf(l->arena, "syslinux is to boot an entry once: by %s", path),
		arena_printf(l->arena, "extlinux --clear-once %.*s", (int)(slash - config->file),
			config->file));
}

static bool by_syslinux(struct looking *l)
{
	for (const struct extlinux_file *file = extlinux_files; file->file; file++)
		if (once_of_syslinux(l, file))
			return true;
	return false;
}

/*
 * Without their file system variables seem not to be there. Where the kernel has none for them, as without
 * EFI's services at run time, it has set none either.
 */
static void look_for_variables(struct looking *l)
{
	const char *const *names;
	struct view text;

	if (!source_names_have(names_in(l, "sys/firmware/efi"), "efivars"))
		return;
	names = names_in(l, "sys/firmware/efi/efivars");
	if ((names && names[0]) || !read_file(l, "proc/filesystems", &text))
		return;
	if (memmem(text.p, text.n, "efivarfs\n", strlen("efivarfs\n")))
		keep_unknown(l,
			"efivarfs is not mounted at /sys/firmware/efi/efivars: what the firmware "
			"was told is not known");
}

static bool (*const finders[])(struct looking *l) = { by_files, by_updates, by_indications,
	by_sbat_policy, by_capsules, by_presence, by_grub, by_syslinux };

struct one_time one_time_find(const struct source *source, struct arena *arena)
{
	struct looking l = { .source = source, .arena = arena };
	struct places places;

	if (!one_time_own_find(source, arena, &l.own))
		l.own = (struct one_time_own){ 0 };
	for (size_t i = 0; i < sizeof finders / sizeof *finders; i++) {
		if (!finders[i](&l))
			continue;
		l.found.unknown = NULL;
		return l.found;
	}
	look_for_variables(&l);
	/* Where fstab cannot be read, the files may lie where nothing was mounted. */
	if (!places_read(source, arena, &places))
		keep_unknown(&l, "out of memory");
	else if (places.unreadable)
		keep_unknown(&l, places.unreadable);
	return l.found;
}
