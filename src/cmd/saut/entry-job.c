/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/entry-job.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "plan/command-line.h"
#include "system/by-path.h"

/* Behind those of the entry, which a kernel without one has got already. */
static bool add_initrds(struct system *system, const struct choice_list *more,
	struct job_request *request, struct error *err)
{
	size_t count = request->initrd_count + more->count;
	const char **all = arena_alloc_array(&system->arena, count + 1, sizeof *all);

	if (!all)
		return fail_no_memory(err);
	if (count > PLAN_INITRDS_MAX)
		return fail(err, FAULT_USAGE, "there may be %d initrds, and these are %zu",
			PLAN_INITRDS_MAX, count);
	for (size_t i = 0; i < count; i++)
		all[i] = i < request->initrd_count ? request->initrds[i]
						   : more->items[i - request->initrd_count];
	request->initrds = all;
	request->initrd_count = count;
	return true;
}

/* Changes the request's command line and, of an entry, its initrds as the choice says. */
static bool change(
	struct system *system, const struct choice *c, struct entry_job *job, struct error *err)
{
	const char *added = "";

	for (size_t i = 0; added && i < c->appended.count; i++)
		added = command_line_join(added, c->appended.items[i], &system->arena);
	if (!added)
		return fail_no_memory(err);
	job->request.edits =
		(struct line_edits){ c->removed.items, c->removed.count, added[0] ? added : NULL };
	return job->is_bare || add_initrds(system, &c->initrds, &job->request, err);
}

/* A kernel that is no entry's, with nothing but what is said of it. */
static struct job_request file_request(const struct system *system, const struct choice *c)
{
	return (struct job_request){
		.source = system->source,
		.kernel = c->path,
		.initrds = c->initrds.items,
		.initrd_count = c->initrds.count,
		.reuse_command_line = !c->command_line,
		.command_line = c->command_line,
		.limits = { 0, PHYS_MAX },
	};
}

/* Whether one of them boots the kernel of this path. */
static bool entries_have_kernel(const struct entries *entries, const char *path)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].kernel && strcmp(entries->items[i].kernel, path) == 0)
			return true;
	return false;
}

const char *path_from_anywhere(const char *path, struct arena *arena)
{
	char folder[PATH_MAX];

	if (path[0] == '/' || !getcwd(folder, sizeof folder))
		return path;
	return arena_printf(arena, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path);
}

/* By a path, a kernel that no entry has, or with other initrds than its entry. */
static bool find_by_path(struct system *system, const struct choice *choice, const char *path,
	struct entry_job *ret, struct error *err)
{
	const struct choice_list *initrds = &choice->initrds;
	const struct path_wish bare = { path, initrds->items, initrds->count, "--initrd" };
	struct entry *e = arena_alloc(&system->arena, sizeof *e);

	if (!e)
		return fail_no_memory(err);
	if (!entry_by_path(system, &bare, e, err))
		return false;
	*ret = (struct entry_job){ .entry = e, .is_bare = true };
	return true;
}

static bool find_entry(struct system *system, const struct choice *choice, struct entries *entries,
	struct entry_job *ret, struct error *err)
{
	struct entry_wish wish = choice->wish;
	bool has_entries;

	if (choice->path)
		wish.name = path_from_anywhere(choice->path, &system->arena);
	if (choice->path && !wish.name)
		return fail_no_memory(err);
	has_entries = system_entries(system, entries, err);
	if (choice->path &&
		(choice->initrds.count || !has_entries || !entries_have_kernel(entries, wish.name)))
		return find_by_path(system, choice, wish.name, ret, err);
	return has_entries && system_choose(system, entries, wish, &ret->entry, err);
}

bool entry_job_find(struct system *system, const struct choice *choice, struct entries *ret_entries,
	struct entry_job *ret, struct error *err)
{
	*ret = (struct entry_job){ .request = { .source = system->source, .kernel = "" } };
	if (choice->path && (choice->root || choice->command_line)) {
		ret->is_bare = true;
		ret->request = file_request(system, choice);
		return change(system, choice, ret, err);
	}
	if (choice->command_line)
		return fail(err, FAULT_USAGE, "--command-line goes with the path of a KERNEL");
	if (choice->root && !system->root)
		return fail(err, FAULT_USAGE,
			"an archive has no kernels: with one as --root, name the kernel by its path");
	if (!find_entry(system, choice, ret_entries, ret, err))
		return false;
	ret->request = system_entry_request(system, ret->entry);
	return change(system, choice, ret, err);
}
