/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut inspect: what is in files that a boot is made of, one after the other, and what this machine makes of it. */
#include "cmd/saut/inspect.h"

#include <getopt.h>
#include <stdio.h>

#include "cmd/message.h"
#include "cmd/progress.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"

/* Of the JSON: what was there stays and means the same, else it is counted up. */
enum { SCHEMA = 1 };

struct wanted {
	const char *root;
	bool as_json, quiet;
	char *const *files;
	size_t count;
};

struct inspecting {
	const struct system *system;
	const struct wanted *wanted;
	struct json *json; /* NULL: as text */
	struct progress progress;
};

/* The first failure is kept: the others are told where they happen. */
static void inspect_one(struct inspecting *i, const char *path, struct error *first)
{
	struct json *j = i->json;
	struct inspection inspection;
	struct error err = { 0 };
	bool done;

	progress_begin(&i->progress, i->wanted->quiet ? PROGRESS_NONE : PROGRESS_BAR);
	done = inspection_make(i->system, path, progress_watch(&i->progress), &inspection, &err);
	progress_end(&i->progress);
	if (!done)
		message_spell(&err);
	if (j)
		inspect_json(j, path, &inspection, done ? NULL : &err);
	else if (done)
		inspect_show(&inspection);
	message_flush();
	if (!done && first->fault == FAULT_NONE)
		*first = err;
	else if (!done)
		message_error(&err);
	inspection_free(&inspection);
}

static bool inspect_all(const struct system *system, const struct wanted *w, struct error *err)
{
	struct json j = { .out = stdout };
	struct inspecting inspecting = {
		.system = system, .wanted = w, .json = w->as_json ? &j : NULL
	};
	struct error first = { 0 };

	if (w->as_json) {
		json_open(&j, NULL, '{');
		json_number(&j, "schema", SCHEMA);
		json_open(&j, "files", '[');
	}
	for (size_t i = 0; i < w->count; i++)
		inspect_one(&inspecting, w->files[i], &first);
	if (w->as_json) {
		json_close(&j, ']');
		json_close(&j, '}');
	}
	if (first.fault == FAULT_NONE)
		return true;
	*err = first;
	err->is_answered = w->as_json;
	return false;
}

static bool read_words(int argc, char **argv, struct wanted *w)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' }, { "root", required_argument, NULL, 'r' },
		{ 0 } };

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j' && c != 'q' && c != 'r')
			return false;
		w->as_json |= c == 'j';
		w->quiet |= c == 'q';
		w->root = c == 'r' ? optarg : w->root;
	}
	w->files = argv + optind;
	w->count = (size_t)(argc - optind);
	return w->count > 0;
}

bool verb_inspect(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { 0 };
	struct system_options options = { .leave_unmounted = true, .only_looks = true };
	struct system system;
	bool done;

	if (!read_words(argc, argv, &wanted)) {
		fail(err, FAULT_USAGE,
			"inspect takes --json, --quiet, --root=FOLDER, and one FILE at least");
		return error_attempting(err, "look into files");
	}
	options.root = wanted.root;
	done = system_look(&options, &system, err) && inspect_all(&system, &wanted, err);
	system_free(&system);
	return done || error_attempting(err, "look into files");
}
