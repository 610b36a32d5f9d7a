/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/one-shot.h"

#include <string.h>

#include "entry/ground/loader-files.h"
#include "entry/ground/places.h"
#include "machine/text.h"
#include "plan/command-line.h"
#include "service/arrival.h"
#include "service/grub-block.h"
#include "service/loader-entry.h"
#include "service/one-time.h"
#include "sys/efi-variable.h"
#include "sys/snapshot.h"
#include "sys/store.h"

/* GRUB writes to blocks that it has found by reading; where these have checksums or copies it does not. */
static const char *const file_systems[] = { "ext2", "ext3", "ext4", "xfs", "vfat" };

/* Partitions and disks, and nothing that is made of several or encrypted. */
static const char *const devices[] = { "/dev/sd", "/dev/vd", "/dev/xvd", "/dev/hd", "/dev/nvme",
	"/dev/mmcblk" };

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

static bool can_be_written_by_grub(const struct place *place)
{
	const char *device = strchr(place->device, ' ');

	if (!device ||
		!is_one_of(place->type, file_systems, sizeof file_systems / sizeof *file_systems))
		return false;
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		if (strncmp(device + 1, devices[i], strlen(devices[i])) == 0)
			return true;
	return false;
}

static bool has(struct view text, const char *word)
{
	return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* The entry that the boot loader has booted says nothing of a kernel that came by kexec. */
static bool is_selected(const struct source *source, const struct entry *e, struct arena *arena)
{
	struct view file;

	return e->boot_once && e->boot_once_by == ONCE_BY_EFI &&
		source_read(source, &LOADER_ENTRY_SELECTED[1], arena, &file) &&
		loader_entry_is(file, e->boot_once);
}

/* Of several entries with the running kernel, the one with its command line, or that was booted. */
static const struct entry *running_entry(
	const struct source *source, const struct entries *entries, struct arena *arena)
{
	const bool is_booted = arrival_find(source, arena).by_kexec == ANSWER_NO;
	struct notes unheard = { .arena = arena };
	const struct entry *only = NULL, *same = NULL, *selected = NULL;
	const char *line = NULL;
	struct view text;
	size_t count = 0, matches = 0;

	if (source_read(source, "proc/cmdline", arena, &text)) {
		line = arena_string(arena, text_trim(text));
		line = line ? command_line_reuse(line, false, arena, &unheard) : NULL;
	}
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *e = &entries->items[i];

		if (!e->is_running || e->obstacle)
			continue;
		only = e;
		count++;
		if (line && e->command_line && strcmp(e->command_line, line) == 0) {
			same = e;
			matches++;
		}
		if (is_booted && is_selected(source, e, arena))
			selected = e;
	}
	return matches == 1 ? same : count == 1 ? only : selected;
}

/* The folder of the one grubenv that there is, with the menu beside it. NULL: none, or several. */
static const char *folder_of(const struct source *source, struct arena *arena)
{
	const char *found = NULL;

	for (size_t i = 0; grub_folders[i]; i++) {
		const char *path = arena_printf(arena, "%s/grubenv", grub_folders[i]);
		struct view text;

		if (!path || !source_read(source, path + 1, arena, &text))
			continue;
		if (found)
			return NULL;
		found = grub_folders[i];
	}
	return found;
}

/* What we have told the boot loader for an earlier trial, in this file, is no wish of others. NULL: nothing. */
static const char *own_in(const struct source *source, const char *file, struct arena *arena)
{
	struct one_time_own own;

	return one_time_own_find(source, arena, &own) && strcmp(own.file, file) == 0 ? own.value
										     : NULL;
}

/* NULL: GRUB does what grubenv says, once. */
static const char *obstacle_in(const struct source *source, const char *folder, struct arena *arena)
{
	const char *menu = arena_printf(arena, "%s/grub.cfg", folder);
	const char *block = arena_printf(arena, "%s/grubenv", folder);
	uint8_t ignored[GRUB_BLOCK_SIZE];
	const struct place *place;
	struct places places;
	struct error err;
	struct view text, value;
	const char *link, *own;

	if (!menu || !block || !places_read(source, arena, &places))
		return "out of memory";
	if (!source_read(source, menu + 1, arena, &text) || !has(text, "load_env") ||
		!has(text, "next_entry") || !has(text, "save_env"))
		return "GRUB's menu does not read next_entry";
	if (source->link && source->link(source, block + 1, arena, &link, &err) == IS_THERE)
		return "grubenv is a link";
	place = places_of(&places, block);
	if (!place || !can_be_written_by_grub(place))
		return "GRUB cannot write to the file system of grubenv, or that is not known";
	if (!source_read(source, block + 1, arena, &text) ||
		!grub_block_set(text, "next_entry", "x", ignored, &err))
		return "grubenv is no environment block";
	own = own_in(source, block, arena);
	if (text_value(text, "next_entry", '=', &value) && value.n && !(own && text_is(value, own)))
		return "GRUB was told to boot another entry once";
	return store_may_write(block) ? NULL : "grubenv cannot be written";
}

static void find_for_grub(const struct source *source, struct arena *arena, struct one_shot *o)
{
	const char *folder = folder_of(source, arena);

	o->why_not = folder ? obstacle_in(source, folder, arena)
			    : "there is no grubenv, or more than one";
	if (!o->why_not)
		o->file = arena_printf(arena, "%s/grubenv", folder);
}

static void find_for_efi(
	const struct source *source, const char *id, struct arena *arena, struct one_shot *o)
{
	struct view ignored;

	o->why_not =
		loader_entry_obstacle(source, own_in(source, LOADER_ENTRY_ONE_SHOT, arena), arena);
	if (!o->why_not && !loader_entry_bytes(id, arena, &ignored))
		o->why_not = "the running entry's name cannot be told to the boot loader";
	if (!o->why_not && !store_may_write(LOADER_VARIABLES))
		o->why_not = "the firmware's variables cannot be written";
	if (!o->why_not)
		o->file = LOADER_ENTRY_ONE_SHOT;
}

/* Why nothing is known that could be told; NULL: there is something. */
static const char *untold(const struct entry *running)
{
	if (!running)
		return "which entry runs is not known";
	if (running->boot_once && running->boot_once_by != ONCE_BY_NOTHING)
		return NULL;
	if (running->is_counted)
		return "the running entry is counted by the boot loader, which renames it";
	if (running->kind == ENTRY_EXTLINUX)
		return "extlinux is told by a program of its own alone";
	return "its boot loader is not told so by files that we know";
}

/* systemd-boot shows the versions of entries with the same title beside it. */
static const char *title_of(
	const struct entry *e, const struct entries *entries, struct arena *arena)
{
	const char *title = NULL;

	for (size_t i = 0; i < entries->count && !title; i++)
		if (&entries->items[i] != e && strcmp(entries->items[i].title, e->title) == 0)
			title = arena_printf(
				arena, "%s (%s)", e->title, e->release ? e->release : e->id);
	return title ? title : e->title;
}

struct one_shot one_shot_find(
	const struct source *source, const struct entries *entries, struct arena *arena)
{
	const struct entry *running = running_entry(source, entries, arena), *first = NULL;
	struct one_shot o = { 0 };

	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].is_default)
			first = &entries->items[i];
	o.title = first ? title_of(first, entries, arena) : NULL;
	/* It leads there by itself. */
	if (first && first->is_running)
		return o;
	o.why_not = untold(running);
	if (!o.why_not && running->boot_once_by == ONCE_BY_GRUB)
		find_for_grub(source, arena, &o);
	else if (!o.why_not)
		find_for_efi(source, running->boot_once, arena, &o);
	if (o.why_not)
		return o;
	o.value = running->boot_once;
	o.title = title_of(running, entries, arena);
	if (!o.file)
		return (struct one_shot){ .why_not = "out of memory" };
	return o;
}

const char *one_shot_text(const struct one_shot *one_shot, struct arena *arena)
{
	return one_shot->file ? arena_printf(arena, "%s %s", one_shot->file, one_shot->value) : "";
}

/* Changes the block in its place: where it lies on the disk is what GRUB will write to. */
static bool change(const char *file, const char *value, const char *expected, struct error *err)
{
	uint8_t block[GRUB_BLOCK_SIZE];
	struct arena arena = { 0 };
	struct snapshot now;
	struct view text, set;
	bool done;

	if (!snapshot_open(NULL, &now, err))
		return false;
	done = source_take(&now.source, file + 1, &arena, &text, err) &&
		(text.p || fail(err, FAULT_FILE_MISSING, "%s is not there", file));
	if (done && (!text_value(text, "next_entry", '=', &set) || !set.n))
		set = view_of_string("");
	/* Somebody else's wish, or already done by GRUB. */
	if (done && text_is(set, expected))
		done = grub_block_set(text, "next_entry", value, block, err) &&
			store_in_place(file, text, (struct view){ block, sizeof block }, err);
	else if (done && value)
		done = fail(err, FAULT_FILE_UNWRITABLE, "GRUB was told something else meanwhile");
	snapshot_close(&now);
	arena_free(&arena);
	return done;
}

static bool create_variable(const char *id, struct error *err)
{
	struct arena arena = { 0 };
	struct view bytes;
	bool done = loader_entry_bytes(id, &arena, &bytes)
		? efi_variable_create(LOADER_ENTRY_ONE_SHOT, bytes, err)
		: fail_no_memory(err);

	arena_free(&arena);
	return done;
}

/* What the boot loader has seen is gone; but so is all where the firmware's variables are not to be seen. */
static bool remove_variable(const char *id, struct error *err)
{
	struct arena arena = { 0 };
	const char *const *names = NULL;
	struct snapshot now;
	struct view file;
	bool done;

	if (!snapshot_open(NULL, &now, err))
		return false;
	done = source_take(&now.source, &LOADER_ENTRY_ONE_SHOT[1], &arena, &file, err);
	if (done && !file.p)
		done = (source_list(&now.source, &LOADER_VARIABLES[1], &arena, &names) &&
			       names[0]) ||
			fail(err, FAULT_FILE_MISSING, "there is nothing in %s", LOADER_VARIABLES);
	else if (done && loader_entry_is(file, id))
		done = efi_variable_remove(LOADER_ENTRY_ONE_SHOT, err);
	snapshot_close(&now);
	arena_free(&arena);
	return done;
}

static bool is_variable(const struct one_time_own *own)
{
	return strcmp(own->file, LOADER_ENTRY_ONE_SHOT) == 0;
}

static bool set(const struct one_time_own *own, struct error *err)
{
	return is_variable(own) ? create_variable(own->value, err)
				: change(own->file, own->value, "", err);
}

static bool take_back(const struct one_time_own *own, struct error *err)
{
	return is_variable(own) ? remove_variable(own->value, err)
				: change(own->file, NULL, own->value, err);
}

static bool do_for(const struct trial *trial,
	bool (*act)(const struct one_time_own *own, struct error *err), struct error *err)
{
	struct arena arena = { 0 };
	struct one_time_own own;
	bool done = !one_time_own_of(trial->one_shot, &arena, &own) || act(&own, err);

	arena_free(&arena);
	return done;
}

bool one_shot_set(const struct trial *trial, struct error *err)
{
	return do_for(trial, set, err);
}

bool one_shot_take_back(const struct trial *trial, struct error *err)
{
	return do_for(trial, take_back, err);
}
