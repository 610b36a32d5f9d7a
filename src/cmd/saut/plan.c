/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut plan: what a load would do, before it is done, by the code that does it; on this machine or another one. */
#include "cmd/saut/plan.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/entry-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"

/* Of the JSON: what was there stays and means the same, else it is counted up. */
enum { SCHEMA = 1 };

struct wanted {
	struct choice choice; /* for each of the names */
	struct bare_kernel bare;
	const char *root;
	const char *svg; /* a file for the picture; NULL: none is drawn */
	char *const *names;
	size_t count;
};

struct planning {
	struct system *system;
	const struct wanted *wanted;
	struct json *json; /* NULL: as text */
	const char *title;
	struct error *not_shown; /* why what was planned could not be shown as it was wanted */
};

/* The picture comes first: where it cannot be written, nothing else is said. */
static bool show_in(
	const struct planning *p, const struct job *job, struct arena *arena, struct error *err)
{
	struct preview preview;

	if (!preview_make(job, arena, &preview))
		return fail_no_memory(err);
	if (p->wanted->svg && !plan_svg(&preview, p->title, p->wanted->svg, err))
		return error_attempting(err, "draw %s", p->wanted->svg);
	if (p->json)
		plan_json(p->json, &preview, p->title, NULL);
	else
		plan_show(&preview, p->title);
	return true;
}

static void show(const struct job *job, const void *context)
{
	const struct planning *p = context;
	struct arena arena = { 0 };

	if (show_in(p, job, &arena, p->not_shown))
		message_flush();
	arena_free(&arena);
}

static bool find(struct planning *p, const struct choice *choice, struct entries *entries,
	struct entry_job *ret, struct error *err)
{
	const struct wanted *w = p->wanted;
	struct bare_kernel bare = w->bare;

	bare.path = choice->path;
	bare.initrds = choice->initrds.items;
	bare.initrd_count = choice->initrds.count;
	if (choice->path && (w->root || bare.command_line)) {
		*ret = (struct entry_job){ .is_bare = true,
			.request = bare_kernel_request(p->system, &bare) };
		return entry_job_change(p->system, choice, ret, err);
	}
	if (bare.command_line)
		return fail(err, FAULT_USAGE, "--command-line goes with the path of a KERNEL");
	if (w->root && !p->system->root)
		return fail(err, FAULT_USAGE,
			"an archive has no kernels: with one as --root, name the kernel by its path");
	return entry_job_find(p->system, choice, entries, ret, err);
}

static bool plan_found(struct planning *p, const struct entry_job *found, struct error *err)
{
	struct error not_shown = { 0 };
	const struct run_job run = {
		.request = &found->request,
		.progress = p->wanted->choice.quiet ? PROGRESS_NONE : PROGRESS_BAR,
		.dry_run = true,
		.loader = LOADER_SAUT,
		.planned = show,
		.context = p,
	};

	if (found->entry && found->entry->remark)
		message_note("%s", found->entry->remark);
	p->title = found->entry ? found->entry->title : found->request.kernel;
	p->not_shown = &not_shown;
	if (!run_job(&run, err))
		return false;
	*err = not_shown;
	return not_shown.fault == FAULT_NONE;
}

/* By its name, NULL for the default entry. */
static bool plan_one(struct planning *p, const char *name, struct error *err)
{
	struct choice choice = p->wanted->choice;
	struct entries entries = { 0 };
	struct entry_job found;
	bool done;

	if (name)
		choice.wish = (struct entry_wish){ ENTRY_BY_NAME, name };
	choice.path = name && strchr(name, '/') ? name : NULL;
	p->title = name;
	done = find(p, &choice, &entries, &found, err) && plan_found(p, &found, err);
	message_notes(&entries.notes);
	return done;
}

/* The first failure is kept: the others are told where they happen. */
static void plan_next(struct planning *p, const char *name, struct error *first)
{
	struct error err = { 0 };

	if (plan_one(p, name, &err))
		return;
	if (p->json) {
		message_spell(&err);
		plan_json(p->json, NULL, p->title, &err);
	}
	if (first->fault == FAULT_NONE)
		*first = err;
	else
		message_error(&err);
}

static bool plan_all(struct planning *p, struct error *err)
{
	const struct wanted *w = p->wanted;
	struct error first = { 0 };

	if (p->json) {
		json_begin(p->json, SCHEMA);
		json_open(p->json, "plans", '[');
	}
	for (size_t i = 0; i < w->count; i++)
		plan_next(p, w->names[i], &first);
	if (w->count == 0)
		plan_next(p, NULL, &first);
	if (p->json) {
		json_close(p->json, ']');
		json_end(p->json);
	}
	if (first.fault == FAULT_NONE)
		return true;
	*err = first;
	err->is_answered = p->json != NULL;
	return false;
}

static bool plan(const struct wanted *wanted, struct error *err)
{
	const struct system_options options = { .root = wanted->root,
		.leave_unmounted = wanted->choice.no_mount };
	struct json j = { .out = stdout };
	struct system system;
	struct planning planning = {
		.system = &system, .wanted = wanted, .json = wanted->choice.as_json ? &j : NULL
	};
	bool looked = system_look(&options, &system, err), done;

	message_notes(&system.notes);
	done = looked && plan_all(&planning, err);
	system_free(&system);
	return done;
}

static bool wish(struct wanted *w, enum entry_wanted_by by)
{
	const bool first = !w->choice.is_given;

	w->choice.wish = (struct entry_wish){ by, NULL };
	w->choice.is_given = true;
	return first;
}

static bool add(struct choice_list *list, const char *value)
{
	if (list->count == CHOICE_LIST_MAX)
		return false;
	list->items[list->count++] = value;
	return true;
}

static bool take(struct wanted *w, int option, const char *value)
{
	switch (option) {
	case 'r':
		return wish(w, ENTRY_BY_RUNNING);
	case 'n':
		return wish(w, ENTRY_BY_NEWEST);
	case 'i':
		return add(&w->choice.initrds, value);
	case 'a':
		return add(&w->choice.appended, value);
	case 'd':
		return add(&w->choice.removed, value);
	case 'c':
		w->bare.command_line = value;
		return true;
	case 'R':
		w->root = value;
		return true;
	case 's':
		w->svg = value;
		return true;
	case 'm':
		return w->choice.no_mount = true;
	case 'j':
		return w->choice.as_json = true;
	case 'q':
		return w->choice.quiet = true;
	}
	return false;
}

static bool read_words(int argc, char **argv, struct wanted *w)
{
	static const struct option options[] = {
		{ "running", no_argument, NULL, 'r' },
		{ "newest", no_argument, NULL, 'n' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "append", required_argument, NULL, 'a' },
		{ "remove", required_argument, NULL, 'd' },
		{ "command-line", required_argument, NULL, 'c' },
		{ "root", required_argument, NULL, 'R' },
		{ "svg", required_argument, NULL, 's' },
		{ "no-mount", no_argument, NULL, 'm' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ 0 },
	};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
		if (!take(w, c, optarg))
			return false;
	w->names = argv + optind;
	w->count = (size_t)(argc - optind);
	return (!w->choice.is_given || w->count == 0) && (!w->svg || w->count < 2);
}

bool verb_plan(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { 0 };

	if (!read_words(argc, argv, &wanted))
		fail(err, FAULT_USAGE,
			"plan takes --json, --quiet, --no-mount, --root=FOLDER, --append=WORDS, --remove=WORD, "
			"--initrd=FILE, --command-line=LINE, and one of --running, --newest, or each ENTRY or "
			"KERNEL; with --svg=FILE no more than one");
	else if (plan(&wanted, err))
		return true;
	return error_attempting(err, "plan a load");
}
