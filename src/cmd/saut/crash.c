/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut crash: what happens at a panic, the kernel that is loaded for one, and what the last one has left. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "crash/crash-facts.h"
#include "crash/last-dump.h"
#include "sys/restart.h"
#include "system/look.h"

enum { SCHEMA = 1, INITRDS_MAX = 16 };

/* What the kernel that is loaded for a panic needs on its command line, behind what this one has. */
static const char crash_words[] = "nr_cpus=1 reset_devices";

struct words {
	bool as_json, yes;
	const char *root;
	const char *kernel, *command_line;
	const char *initrds[INITRDS_MAX];
	size_t initrd_count;
};

struct seen {
	struct crash_facts facts;
	struct dump last;
};

static bool look(const char *root, struct look *at, struct seen *ret, struct error *err)
{
	const struct source *source;

	if (!look_open(root, at, err))
		return false;
	source = &at->memory.source;
	if (crash_facts_read(source, &at->arena, &ret->facts, err) &&
		dump_find_last(source, &at->arena, &ret->last, err))
		return true;
	look_close(at);
	return false;
}

static void show_json(const struct seen *seen)
{
	const struct crash_facts *f = &seen->facts;
	const struct dump *last = &seen->last;
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_answer(&j, "loaded", f->loaded);
	json_number_if(&j, "reserved", f->is_reserved_known, f->reserved);
	json_number_if(&j, "elfcorehdr_size", f->is_header_known, f->header);
	json_answer(&j, "updates_cpus", f->updates_cpus);
	json_answer(&j, "updates_memory", f->updates_memory);
	if (!last->folder) {
		json_null(&j, "last");
	} else {
		json_open(&j, "last", '{');
		json_string(&j, "folder", last->folder);
		json_string(&j, "when", last->when);
		json_string(&j, "core", last->core);
		json_string(&j, "log", last->log);
		json_bool(&j, "is_partial", last->is_partial);
		json_string(&j, "panic", last->panic);
		json_close(&j, '}');
	}
	json_end(&j);
}

static void show_last(const struct dump *last)
{
	if (!last->folder) {
		say("no dump is in /var/crash\n");
		return;
	}
	say("last dump (%s): %s\n", last->when, last->folder);
	if (last->panic)
		say("  %s\n", last->panic);
	if (last->core)
		say("  the memory is in %s/%s\n", last->folder, last->core);
	if (last->log)
		say("  the log is in %s/%s\n", last->folder, last->log);
	if (last->is_partial)
		say("  it was not finished\n");
}

static void show_reserved(const struct crash_facts *f)
{
	if (!f->is_reserved_known)
		say("how much memory is reserved for a crash kernel is not known\n");
	else if (f->reserved == 0)
		say("no memory is reserved for a crash kernel: add crashkernel=256M to the kernel "
		    "command line and reboot\n");
	else
		say("%llu MiB of memory are reserved for a crash kernel\n",
			(unsigned long long)f->reserved >> 20);
}

static void show_status(const struct seen *seen)
{
	static const char *const loaded[] = {
		[ANSWER_UNKNOWN] = "whether a crash kernel is loaded is not known",
		[ANSWER_NO] = "no crash kernel is loaded: a panic is not dumped",
		[ANSWER_YES] = "a crash kernel is loaded: a panic jumps into it",
	};
	const struct crash_facts *f = &seen->facts;

	say("%s\n", loaded[f->loaded]);
	show_reserved(f);
	if (f->updates_cpus == ANSWER_YES && f->updates_memory == ANSWER_YES)
		say("CPUs and memory that are added later are told to a crash kernel that was "
		    "loaded by kexec_file_load\n");
	else
		say("CPUs and memory that are added later need it to be loaded again\n");
	show_last(&seen->last);
}

static bool show(
	const struct words *words, void (*tell)(const struct seen *seen), struct error *err)
{
	struct look at = { 0 };
	struct seen seen;

	if (!look(words->root, &at, &seen, err))
		return error_attempting(err, "tell what is ready for a panic");
	if (words->as_json)
		show_json(&seen);
	else
		tell(&seen);
	look_close(&at);
	return true;
}

static void tell_last(const struct seen *seen)
{
	show_last(&seen->last);
}

static bool act_status(const struct words *words, struct error *err)
{
	return show(words, show_status, err);
}

static bool act_last(const struct words *words, struct error *err)
{
	return show(words, tell_last, err);
}

/* As all acts that change something: what is so from now on. */
static void show_loaded(bool as_json, const char *kernel)
{
	struct json j = { .out = stdout };

	if (as_json) {
		json_begin(&j, SCHEMA);
		json_bool(&j, "loaded", kernel != NULL);
		json_string(&j, "kernel", kernel);
		json_end(&j);
	} else if (kernel) {
		say("%s is loaded: a panic jumps into it\n", kernel);
	} else {
		say("no crash kernel is loaded any more\n");
	}
}

static bool act_load(const struct words *words, struct error *err)
{
	const struct job_request request = {
		.kernel = words->kernel,
		.initrds = words->initrds,
		.initrd_count = words->initrd_count,
		.reuse_command_line = !words->command_line,
		.command_line = words->command_line ? words->command_line : crash_words,
		.crash = true,
	};
	const struct run_job run = { .request = &request, .loader = LOADER_SAUT };

	if (!words->kernel) {
		fail(err, FAULT_USAGE, "crash load wants the path of a KERNEL");
		return error_attempting(err, "load a crash kernel");
	}
	if (!run_job(&run, err))
		return false;
	show_loaded(words->as_json, words->kernel);
	return true;
}

static bool act_unload(const struct words *words, struct error *err)
{
	if (!run_unload(true, err))
		return false;
	show_loaded(words->as_json, NULL);
	return true;
}

static bool crash(const struct words *words, struct error *err)
{
	struct look at = { 0 };
	struct seen seen;
	bool is_ready;

	if (!words->yes)
		return fail(err, FAULT_USAGE,
			"it ends all that runs on this machine by a panic: say --yes if that is meant");
	if (!look(NULL, &at, &seen, err))
		return false;
	is_ready = seen.facts.loaded == ANSWER_YES;
	look_close(&at);
	if (!is_ready)
		return fail(err, FAULT_NO_CRASH_KERNEL,
			seen.facts.loaded == ANSWER_NO
				? "no crash kernel is loaded"
				: "whether a crash kernel is loaded is not known");
	say("file systems are written back, and this kernel panics now\n");
	message_flush();
	return restart_by_panic(err);
}

static bool act_test(const struct words *words, struct error *err)
{
	return crash(words, err) || error_attempting(err, "test what happens at a panic");
}

static const struct action {
	const char *name;
	bool (*run)(const struct words *words, struct error *err);
	const char *takes; /* letters of the options */
} actions[] = {
	{ "status", act_status, "jr" },
	{ "last", act_last, "jr" },
	{ "load", act_load, "jic" },
	{ "unload", act_unload, "j" },
	{ "test", act_test, "jy" },
};

static bool take(struct words *words, int option)
{
	words->as_json |= option == 'j';
	words->yes |= option == 'y';
	words->root = option == 'r' ? optarg : words->root;
	words->command_line = option == 'c' ? optarg : words->command_line;
	if (option == 'i' && words->initrd_count == INITRDS_MAX)
		return false;
	if (option == 'i')
		words->initrds[words->initrd_count++] = optarg;
	return true;
}

static bool read_words(int argc, char **argv, const struct action *action, struct words *ret)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' }, { "yes", no_argument, NULL, 'y' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "command-line", required_argument, NULL, 'c' }, { 0 } };

	*ret = (struct words){ 0 };
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
		if (c == '?' || !strchr(action->takes, c) || !take(ret, c))
			return false;
	if (optind < argc && action->run == act_load)
		ret->kernel = argv[optind++];
	return optind == argc;
}

/* The first word names the action; without one it is status. */
static const struct action *find(int *argc, char ***argv)
{
	if (*argc < 2 || (*argv)[1][0] == '-')
		return actions;
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp((*argv)[1], actions[i].name) == 0) {
			(*argc)--;
			(*argv)++;
			return &actions[i];
		}
	return NULL;
}

bool verb_crash(int argc, char **argv, struct error *err)
{
	const struct action *action = find(&argc, &argv);
	struct words words;

	if (!action)
		fail(err, FAULT_USAGE,
			"crash has no action \"%.40s\": they are status, last, load, unload and test",
			argv[1]);
	else if (read_words(argc, argv, action, &words))
		return action->run(&words, err);
	else
		fail(err, FAULT_USAGE,
			"crash %s takes other words: saut help crash shows all that it can be given",
			action->name);
	return error_attempting(err, "understand the command line");
}
