/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut check: what would go wrong at the next reboot, a row a check, for people and as JSON. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/progress.h"
#include "cmd/saut/entry-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "system/checkup.h"

/* Of the JSON: what was there stays and means the same, else it is counted up. */
enum { SCHEMA = 1 };

struct wanted {
	const char *name; /* of an entry, or a kernel's path; NULL: not given */
	struct entry_wish wish;
	bool is_given; /* by --running or --newest */
	const char *root;
	const char *command_line;
	const char *initrds[PLAN_INITRDS_MAX];
	size_t initrd_count;
	bool no_mount, as_json, strict, quiet;
};

/* What is checked, as it is shown. */
struct checking {
	const struct wanted *wanted;
	struct system system;
	struct entries entries;
	const struct entry *entry; /* NULL: a kernel was named, or none was found */
	bool is_loaded;            /* it is about what is loaded already */
	struct job_request request;
	struct job job;
	struct checkup checkup;
	struct progress progress;
};

static bool is_path(const char *name)
{
	return name && strchr(name, '/');
}

/* A kernel that no entry has, or with something else than its entry. */
static bool is_bare(const struct wanted *w, const struct entries *entries)
{
	return is_path(w->name) &&
		(w->root || w->command_line || w->initrd_count ||
			!entries_have_kernel(entries, w->name));
}

/* What is loaded, by the record of its load; without one the kernel that it is is not known. */
static struct job_request loaded_request(struct checking *c)
{
	const struct loading *of = &c->system.loaded.of;
	struct entry entry = {
		.kernel = of->kernel, .initrds = of->initrds, .command_line = of->command_line
	};
	struct job_request request;

	if (!c->system.loaded.has_record)
		return (struct job_request){ .source = c->system.source, .kernel = "" };
	while (of->initrds && of->initrds[entry.initrd_count])
		entry.initrd_count++;
	request = system_entry_request(&c->system, &entry);
	request.reuse_command_line = false;
	return request;
}

/* Which job it is; where that cannot be told, the checks of the running system are asked all the same. */
static bool choose(struct checking *c, struct error *err)
{
	const struct wanted *w = c->wanted;
	struct error none;
	bool found;

	c->is_loaded =
		!w->is_given && (!w->root || c->system.root) && c->system.loaded.is == ANSWER_YES;
	if (c->is_loaded) {
		c->request = loaded_request(c);
		return true;
	}
	found = (!w->root || !is_path(w->name)) && system_entries(&c->system, &c->entries, &none);
	if (is_bare(w, &c->entries)) {
		c->request = bare_kernel_request(&c->system,
			&(struct bare_kernel){ .path = w->name,
				.command_line = w->command_line,
				.initrds = w->initrds,
				.initrd_count = w->initrd_count });
		return true;
	}
	c->request = (struct job_request){ .source = c->system.source, .kernel = "" };
	if (w->root && !c->system.root)
		return fail(err, FAULT_USAGE,
			"an archive has no kernels: with one as --root, name the kernel by its path");
	if (!found) {
		*err = none;
		return false;
	}
	if (!system_choose(&c->system, &c->entries, w->wish, &c->entry, err))
		return false;
	c->request = system_entry_request(&c->system, c->entry);
	return true;
}

static const char *in_words(const struct checking *c, const char *text)
{
	return message_spelled(text, c->checkup.subject.arena);
}

static void show_json(const struct checking *c)
{
	const struct check_subject *subject = &c->checkup.subject;
	const struct check_finding *findings = c->checkup.findings;
	struct json j = { .out = stdout };

	json_open(&j, NULL, '{');
	json_number(&j, "schema", SCHEMA);
	json_string(&j, "worst", check_result_name(check_worst(findings)));
	json_bool(&j, "loaded", c->is_loaded);
	json_string(&j, "entry", c->entry ? c->entry->id : NULL);
	json_string(&j, "kernel", c->request.kernel[0] ? c->request.kernel : NULL);
	json_string(&j, "release", subject->release[0] ? subject->release : NULL);
	json_string(&j, "command_line", subject->command_line);
	json_open(&j, "checks", '[');
	for (size_t i = 0; i < check_count; i++) {
		json_open(&j, NULL, '{');
		json_string(&j, "name", checks[i].name);
		json_string(&j, "title", checks[i].title);
		json_string(&j, "result", check_result_name(findings[i].result));
		json_string(&j, "reason", in_words(c, findings[i].reason));
		json_string(&j, "advice", in_words(c, findings[i].advice));
		json_string(&j, "source", findings[i].source);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
}

static void show(const struct checking *c)
{
	if (c->request.kernel[0])
		say("%s%s%s%s%s\n", c->entry ? c->entry->title : "", c->entry ? ": " : "",
			c->request.kernel, c->checkup.subject.release[0] ? ", Linux " : "",
			c->checkup.subject.release);
	for (size_t i = 0; i < check_count; i++) {
		const struct check_finding *f = &c->checkup.findings[i];

		say("%-7s  %s: %s\n", check_result_name(f->result), checks[i].title,
			in_words(c, f->reason));
		if (f->advice)
			say("         what to do: %s\n", in_words(c, f->advice));
		if (f->source)
			say("         source: %s\n", f->source);
	}
}

/* By the exit code: whether the worst of them is too bad. */
static bool judge(const struct checking *c, struct error *err)
{
	const enum check_result limit = c->wanted->strict ? CHECK_WARN : CHECK_FAIL;
	size_t count = 0;

	for (size_t i = 0; i < check_count; i++)
		count += c->checkup.findings[i].result >= limit;
	return count == 0 ||
		fail(err, FAULT_CHECKED,
			c->wanted->strict ? "checks that fail or warn: %zu of %zu"
					  : "checks that fail: %zu of %zu",
			count, check_count);
}

static bool check_job(struct checking *c, struct error *err)
{
	struct error refused = { 0 }, first = { 0 };
	bool chosen = choose(c, &refused), done;

	if (refused.fault == FAULT_USAGE) {
		*err = refused;
		return false;
	}
	progress_begin(&c->progress, c->wanted->quiet ? PROGRESS_NONE : PROGRESS_BAR);
	c->request.watch = progress_watch(&c->progress);
	/* How an initrd would be packed anew does not matter here, and takes long. */
	c->request.initrd_form = INITRD_KEEP;
	if (!job_survey(&c->job, &c->request, &first) && chosen)
		refused = first;
	done = c->is_loaded
		? checkup_of_loaded(
			  &c->system, &c->job, c->system.loaded.of.initrds, &c->checkup, err)
		: checkup_make(&c->system, &c->job, refused.fault == FAULT_NONE ? NULL : &refused,
			  &c->checkup, err);
	progress_end(&c->progress);
	if (done && c->wanted->as_json)
		show_json(c);
	else if (done)
		show(c);
	if (!done || judge(c, err))
		return done;
	err->is_answered = true;
	return false;
}

/* Files by their names are those that were loaded, unless somebody has written to them since. */
static void note_change(const struct file *file, uint64_t loaded)
{
	if (file->bytes.p && loaded && (uint64_t)file->identity.st_mtim.tv_sec > loaded)
		message_note(
			"%s has changed since it was loaded: what is told of it is told of the "
			"file as it is now",
			file->path);
}

/* What stands above the rows for what they are about, and which of them were not asked. */
static void note_loaded(const struct checking *c)
{
	const struct loaded *loaded = &c->system.loaded;
	struct arena arena = { 0 };
	const char *names = "";

	for (size_t i = 0; i < check_count; i++)
		if (c->checkup.findings[i].result == CHECK_UNKNOWN)
			names = arena_printf(
				&arena, "%s%s%s", names, names[0] ? ", " : "", checks[i].name);
	message_note("these checks are about what is loaded already%s%s",
		loaded->has_record ? "" : ", of which no record was left: ",
		loaded->has_record       ? ""
			: loaded->unread ? loaded->unread
					 : "somebody else has loaded it");
	message_note("checks that were not made, or have no answer: %s",
		names ? names : "out of memory");
	note_change(&c->job.kernel, loaded->of.when);
	for (size_t i = 0; i < c->job.wanted.initrd_count; i++)
		note_change(&c->job.initrds[i], loaded->of.when);
	arena_free(&arena);
}

static bool check(const struct wanted *wanted, struct error *err)
{
	const struct system_options options = { .root = wanted->root,
		.leave_unmounted = wanted->no_mount };
	struct checking c = { .wanted = wanted };
	bool looked = system_look(&options, &c.system, err);
	bool done = looked && check_job(&c, err);

	message_flush();
	if (done && c.is_loaded)
		note_loaded(&c);
	message_notes(&c.entries.notes);
	message_notes(&c.system.notes);
	message_notes(&c.job.notes);
	job_free(&c.job);
	system_free(&c.system);
	return done;
}

static bool wish(struct wanted *w, enum entry_wanted_by by, const char *name)
{
	bool first = !w->is_given;

	w->wish = (struct entry_wish){ by, name };
	w->is_given = true;
	return first;
}

static bool add_initrd(struct wanted *w, const char *path)
{
	if (w->initrd_count == PLAN_INITRDS_MAX)
		return false;
	w->initrds[w->initrd_count++] = path;
	return true;
}

static bool take(struct wanted *w, int option, const char *value)
{
	switch (option) {
	case 'r':
		return wish(w, ENTRY_BY_RUNNING, NULL);
	case 'n':
		return wish(w, ENTRY_BY_NEWEST, NULL);
	case 'i':
		return add_initrd(w, value);
	case 'c':
		w->command_line = value;
		return true;
	case 'R':
		w->root = value;
		return true;
	case 'm':
		return w->no_mount = true;
	case 'j':
		return w->as_json = true;
	case 'q':
		return w->quiet = true;
	case 's':
		return w->strict = true;
	}
	return false;
}

static bool read_words(int argc, char **argv, struct wanted *w)
{
	static const struct option options[] = {
		{ "running", no_argument, NULL, 'r' },
		{ "newest", no_argument, NULL, 'n' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "command-line", required_argument, NULL, 'c' },
		{ "root", required_argument, NULL, 'R' },
		{ "no-mount", no_argument, NULL, 'm' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "strict", no_argument, NULL, 's' },
		{ 0 },
	};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
		if (!take(w, c, optarg))
			return false;
	if (optind < argc) {
		w->name = argv[optind++];
		if (!wish(w, ENTRY_BY_NAME, w->name))
			return false;
	}
	/* They go with a kernel alone: an entry has its own. */
	return optind == argc && (is_path(w->name) || (!w->initrd_count && !w->command_line));
}

bool verb_check(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { 0 };

	if (!read_words(argc, argv, &wanted))
		fail(err, FAULT_USAGE,
			"check takes --json, --strict, --quiet, --no-mount, --root=FOLDER, and one of ENTRY, "
			"--running, --newest and the path of a KERNEL, with --initrd=FILE and "
			"--command-line=LINE");
	else if (check(&wanted, err))
		return true;
	if (err->fault == FAULT_CHECKED)
		return error_attempting(err, "approve the next reboot");
	return error_attempting(err, "check the next reboot");
}
