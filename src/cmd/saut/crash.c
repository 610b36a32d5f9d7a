/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut crash: what happens at a panic, the kernel that is loaded for one, and what the last one has left. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/json.h"
#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/crash-status.h"
#include "cmd/saut/entry-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "sys/crash-keys.h"
#include "sys/restart.h"
#include "system/crash-target.h"
#include "system/dump-keys.h"

enum { SCHEMA = 1, INITRDS_MAX = 16 };

struct words {
	bool as_json, yes, no_mount;
	const char *root;
	const char *kernel, *command_line;
	const char *initrds[INITRDS_MAX];
	size_t initrd_count;
	const char *keys[CRASH_KEYS_MAX];
	size_t key_count;
};

struct looking {
	struct system system;
	struct crash_seen seen;
};

static bool look(const struct words *words, struct looking *ret, struct error *err)
{
	const struct system_options options = {
		.root = words->root, .leave_unmounted = words->no_mount, .only_looks = true
	};

	return system_look(&options, &ret->system, err) &&
		crash_look(&ret->system, &ret->seen, err);
}

static bool show(const struct words *words,
	void (*tell)(const struct crash_seen *seen, struct arena *arena), struct error *err)
{
	struct looking at;
	bool done = look(words, &at, err);

	if (done && words->as_json)
		crash_show_json(&at.seen);
	else if (done)
		tell(&at.seen, &at.system.arena);
	message_notes(&at.system.notes);
	system_free(&at.system);
	return done || error_attempting(err, "tell what is ready for a panic");
}

static bool act_status(const struct words *words, struct error *err)
{
	return show(words, crash_show_status, err);
}

static bool act_last(const struct words *words, struct error *err)
{
	return show(words, crash_show_last, err);
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

static bool choose(const struct words *words, struct system *system, struct crash_target *ret,
	struct error *err)
{
	const struct path_wish wish = {
		words->kernel ? path_from_anywhere(words->kernel, &system->arena) : NULL,
		words->initrds, words->initrd_count, "--initrd"
	};

	if (words->kernel && !wish.kernel)
		return fail_no_memory(err);
	if (!crash_target_find(system, words->kernel ? &wish : NULL, ret, err))
		return false;
	if (words->initrd_count && !words->kernel) {
		ret->job.initrds = words->initrds;
		ret->job.initrd_count = words->initrd_count;
	} else if (!words->kernel && !ret->tools) {
		message_note("no initrd was made to save a dump (by kdump-tools or kdump-utils): "
			     "what the system starts has to save it");
	}
	if (words->command_line) {
		ret->job.reuse_command_line = false;
		ret->job.command_line = words->command_line;
	}
	return true;
}

static bool load(struct system *system, const struct job_request *request, struct error *err)
{
	return run_job(
		&(struct run_job){
			.request = request, .has_turn = system->has_turn, .loader = LOADER_SAUT },
		err);
}

/* The running kernel looks the keys up while it loads, in the keyring of who loads. */
static bool load_with_keys(const struct words *words, struct system *system,
	struct job_request *request, struct error *err)
{
	if (words->key_count)
		request->call = CALL_FILE_LOAD;
	if (!dump_keys_choose(system, words->keys, words->key_count, err))
		return false;
	if (load(system, request, err))
		return true;
	dump_keys_forget();
	if (words->key_count && err->errnum == ENOKEY)
		error_append(
			err, ", or the user keyring has none of type logon by one of the names");
	return false;
}

static bool act_load(const struct words *words, struct error *err)
{
	const struct system_options options = { .leave_unmounted = words->no_mount,
		.to_change = true };
	struct crash_target target;
	struct system system;
	bool done = system_look(&options, &system, err) && choose(words, &system, &target, err) &&
		load_with_keys(words, &system, &target.job, err);

	message_notes(&system.notes);
	if (done)
		show_loaded(words->as_json, target.kernel);
	system_free(&system);
	return done || error_attempting(err, "load a crash kernel");
}

/* Of what others have loaded it is for them to see to. */
static bool reload(const struct words *words, struct system *system, struct error *err)
{
	const struct loaded loaded =
		loaded_crash_find(system->source, system->ability.crash_loaded, &system->arena);
	struct job_request again;

	if (!loaded.has_record)
		return fail(err, FAULT_NO_CRASH_KERNEL,
			loaded.is == ANSWER_NO
				? "no crash kernel is loaded"
				: "which crash kernel is loaded is not known: neither saut nor kexec has "
				  "loaded it in this boot");
	if (!crash_target_again(system, &loaded.of, &again, err) || !load(system, &again, err))
		return false;
	show_loaded(words->as_json, loaded.of.kernel);
	return true;
}

static bool act_reload(const struct words *words, struct error *err)
{
	const struct system_options options = { .leave_unmounted = words->no_mount,
		.to_change = true };
	struct system system;
	bool done = system_look(&options, &system, err) && reload(words, &system, err);

	message_notes(&system.notes);
	system_free(&system);
	return done || error_attempting(err, "load the crash kernel again");
}

static bool act_unload(const struct words *words, struct error *err)
{
	if (!run_unload(true, err))
		return false;
	dump_keys_forget();
	show_loaded(words->as_json, NULL);
	return true;
}

static bool crash(const struct words *words, struct error *err)
{
	const struct system_options options = { .leave_unmounted = true };
	struct system system;
	enum answer loaded;
	bool looked;

	if (!words->yes)
		return fail(err, FAULT_USAGE,
			"it ends all that runs on this machine by a panic: say --yes if that is meant");
	looked = system_look(&options, &system, err);
	loaded = system.ability.crash_loaded;
	system_free(&system);
	if (!looked)
		return false;
	if (loaded != ANSWER_YES)
		return fail(err, FAULT_NO_CRASH_KERNEL,
			loaded == ANSWER_NO ? "no crash kernel is loaded"
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
	{ "status", act_status, "jrm" },
	{ "last", act_last, "jrm" },
	{ "load", act_load, "jickm" },
	{ "reload", act_reload, "jm" },
	{ "unload", act_unload, "j" },
	{ "test", act_test, "jy" },
};

static bool take(struct words *words, int option)
{
	words->as_json |= option == 'j';
	words->yes |= option == 'y';
	words->no_mount |= option == 'm';
	words->root = option == 'r' ? optarg : words->root;
	words->command_line = option == 'c' ? optarg : words->command_line;
	if ((option == 'i' && words->initrd_count == INITRDS_MAX) ||
		(option == 'k' && words->key_count == CRASH_KEYS_MAX))
		return false;
	if (option == 'k')
		words->keys[words->key_count++] = optarg;
	if (option == 'i')
		words->initrds[words->initrd_count++] = optarg;
	return true;
}

static bool read_words(int argc, char **argv, const struct action *action, struct words *ret)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' }, { "yes", no_argument, NULL, 'y' },
		{ "luks-key", required_argument, NULL, 'k' },
		{ "initrd", required_argument, NULL, 'i' }, { "no-mount", no_argument, NULL, 'm' },
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
			"crash has no action \"%.40s\": they are status, last, load, reload, unload and test",
			argv[1]);
	else if (read_words(argc, argv, action, &words))
		return action->run(&words, err);
	else
		fail(err, FAULT_USAGE,
			"crash %s takes other words: saut help crash shows all that it can be given",
			action->name);
	return error_attempting(err, "understand the command line");
}
