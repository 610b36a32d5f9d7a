/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boot entries of the public API: what system/system.h finds, as a caller sees it. */
#include <stdlib.h>

#include "api/given.h"

void api_entries_free(struct saut *saut)
{
	if (saut->found)
		system_free(&saut->found->system);
	free(saut->found);
	saut->found = NULL;
	saut->entries = NULL;
}

/* NULL-terminated; NULL when memory is out. */
static const char *const *list_of(struct arena *arena, const struct entry *e)
{
	const char **list = arena_alloc_array(arena, e->initrd_count + 1, sizeof *list);

	for (size_t i = 0; list && i < e->initrd_count; i++)
		list[i] = e->initrds[i];
	return list;
}

static struct saut_entry shown(struct arena *arena, const struct entry *e)
{
	return (struct saut_entry){
		.id = e->id,
		.title = e->title,
		.type = entry_kind_name(e->kind),
		.version = e->version,
		.release = e->release,
		.kernel = e->kernel,
		.initrds = list_of(arena, e),
		.command_line = e->command_line,
		.device_tree = e->device_tree,
		.file = e->file,
		.line = e->line,
		.obstacle = e->obstacle,
		.remark = e->remark,
		.is_default = e->is_default,
		.is_running = e->is_running,
	};
}

/* One of zeros stands behind the last. */
static bool show_all(struct saut *saut)
{
	const struct entries *found = &saut->found->entries;
	struct arena *arena = &saut->found->system.arena;

	saut->entries = arena_alloc_array(arena, found->count + 1, sizeof *saut->entries);
	if (!saut->entries)
		return fail_no_memory(&saut->error);
	for (size_t i = 0; i < found->count; i++) {
		saut->entries[i] = shown(arena, &found->items[i]);
		if (!saut->entries[i].initrds)
			return fail_no_memory(&saut->error);
	}
	return true;
}

static bool find(struct saut *saut)
{
	const struct system_options options = { .root = saut->given.wanted.root,
		.leave_unmounted = !saut->may_mount };
	bool done;

	api_entries_free(saut);
	saut->found = calloc(1, sizeof *saut->found);
	if (!saut->found)
		return fail_no_memory(&saut->error);
	done = system_look(&options, &saut->found->system, &saut->error) &&
		system_entries(&saut->found->system, &saut->found->entries, &saut->error);
	notes_add_all(&saut->notes, &saut->found->entries.notes);
	notes_add_all(&saut->notes, &saut->found->system.notes);
	if (done && show_all(saut))
		return true;
	api_entries_free(saut);
	return error_attempting(&saut->error, "list boot entries");
}

enum saut_result saut_find_entries(struct saut *saut)
{
	api_begin(saut);
	return api_end(saut, find(saut));
}

const struct saut_entry *saut_entry(const struct saut *saut, unsigned index)
{
	return saut->entries && index < saut->found->entries.count ? &saut->entries[index] : NULL;
}

static bool choose(
	struct saut *saut, enum saut_wanted wanted, const char *name, const struct saut_entry **ret)
{
	static const enum entry_wanted_by by[] = {
		[SAUT_ENTRY_DEFAULT] = ENTRY_BY_DEFAULT,
		[SAUT_ENTRY_NAMED] = ENTRY_BY_NAME,
		[SAUT_ENTRY_RUNNING] = ENTRY_BY_RUNNING,
		[SAUT_ENTRY_NEWEST] = ENTRY_BY_NEWEST,
	};
	const struct entry *entry;

	if ((size_t)wanted >= sizeof by / sizeof *by || (wanted == SAUT_ENTRY_NAMED) != !!name)
		return fail(&saut->error, FAULT_USAGE,
			"a name is given for SAUT_ENTRY_NAMED, and for nothing else");
	if (!system_choose(&saut->found->system, &saut->found->entries,
		    (struct entry_wish){ by[wanted], name }, &entry, &saut->error))
		return error_attempting(&saut->error, "choose a boot entry");
	*ret = &saut->entries[entry - saut->found->entries.items];
	return true;
}

enum saut_result saut_choose_entry(
	struct saut *saut, enum saut_wanted wanted, const char *name, const struct saut_entry **ret)
{
	if (!saut->found && saut_find_entries(saut) != SAUT_DONE)
		return api_result(saut, false);
	saut->error = (struct error){ 0 };
	return api_result(saut, choose(saut, wanted, name, ret));
}

/* The entry's line is the whole of it; without one the running kernel's, or what the image has. */
enum saut_result saut_use_entry(struct saut *saut, const struct saut_entry *entry)
{
	const struct entry *e;
	enum saut_result result;

	if (!entry || !saut->entries || entry < saut->entries ||
		entry >= saut->entries + saut->found->entries.count)
		return api_result(saut,
			fail(&saut->error, FAULT_USAGE, "this is no entry that was found last"));
	e = &saut->found->entries.items[entry - saut->entries];
	if (e->obstacle)
		return api_result(saut,
			fail(&saut->error, FAULT_ENTRY_REFUSED, "entry \"%.100s\": %s", e->title,
				e->obstacle));
	given_forget_files(&saut->given);
	result = saut_set_kernel(saut, e->kernel);
	for (size_t i = 0; result == SAUT_DONE && i < e->initrd_count; i++)
		result = saut_add_initrd(saut, e->initrds[i]);
	if (result == SAUT_DONE)
		result = saut_set_command_line(saut, e->command_line);
	if (result == SAUT_DONE)
		result = saut_set_device_tree(saut, e->device_tree);
	saut->given.wanted.reuse_command_line = !e->command_line && !entry_is_program(e);
	return result;
}
