/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut check: what would go wrong at the next reboot, a row a check, for people and as JSON. */
#include <stdio.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/progress.h"
#include "cmd/saut/entry-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "system/checkup.h"

/* Of the JSON: what was there stays and means the same, else it is counted up. */
enum { SCHEMA = 1 };

/* What is checked, as it is shown. */
struct checking {
	const struct choice *wanted;
	struct system system;
	struct entries entries;
	struct entry_job found; /* with no kernel's name where none was found */
	bool is_loaded;         /* it is about what is loaded already */
	struct job job;
	struct checkup checkup;
	struct progress progress;
};

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
	const struct choice *w = c->wanted;

	c->is_loaded =
		!w->is_given && (!w->root || c->system.root) && c->system.loaded.is == ANSWER_YES;
	if (!c->is_loaded)
		return entry_job_find(&c->system, w, &c->entries, &c->found, err);
	c->found.request = loaded_request(c);
	return true;
}

/* NULL: a kernel was named that no entry has, or none was found. */
static const struct entry *entry_of(const struct checking *c)
{
	return c->found.is_bare ? NULL : c->found.entry;
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
	json_string(&j, "entry", entry_of(c) ? entry_of(c)->id : NULL);
	json_string(&j, "kernel", c->found.request.kernel[0] ? c->found.request.kernel : NULL);
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
	const struct entry *e = entry_of(c);

	if (c->found.request.kernel[0])
		say("%s%s%s%s%s\n", e ? e->title : "", e ? ": " : "", c->found.request.kernel,
			c->checkup.subject.release[0] ? ", Linux " : "",
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
	c->found.request.watch = progress_watch(&c->progress);
	/* How an initrd would be packed anew does not matter here, and takes long. */
	c->found.request.initrd_form = INITRD_KEEP;
	if (!job_survey(&c->job, &c->found.request, &first) && chosen)
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

static bool check(const struct choice *wanted, struct error *err)
{
	const struct system_options options = {
		.root = wanted->root, .leave_unmounted = wanted->no_mount, .only_looks = true
	};
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

bool verb_check(int argc, char **argv, struct error *err)
{
	struct choice choice;

	if (choice_read(argc, argv, CHOICE_CHECK, &choice, err) && check(&choice, err))
		return true;
	if (err->fault == FAULT_CHECKED)
		return error_attempting(err, "approve the next reboot");
	return error_attempting(err, "check the next reboot");
}
