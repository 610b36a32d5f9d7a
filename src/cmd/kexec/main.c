/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kexec(8): a table of actions. Exit codes are those of kexec-tools. */

#include "cmd/kexec/explain.h"
#include "cmd/say.h"
#include "jump/options.h"
#include "cmd/kexec/show.h"
#include "cmd/message.h"
#include "cmd/run-job.h"
#include "jump/act.h"
#include "sys/limits.h"
#include "sys/process.h"
#include "system/kept.h"
#include "system/load.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_USAGE_ERROR = 1,
	EXIT_NOT_THERE = 253, /* -s, and the running kernel does not take it that way */
	EXIT_FAILED = 255,
};

/* Where kexec-tools ends with 1; its other failures end with 255. */
static const enum fault usage_errors[] = {
	FAULT_USAGE,
	FAULT_CRASH_NOT_LINUX,
	FAULT_NOTHING_LOADED,
	FAULT_NO_CRASH_MEMORY,
	FAULT_CRASH_NOT_RESERVED,
	FAULT_NO_PROC,
	FAULT_FIT_MEMORY,
	FAULT_FILE_MISSING,
	FAULT_FILE_DENIED,
	FAULT_FILE_UNREADABLE,
	FAULT_FILE_NOT_REGULAR,
	FAULT_FILE_EMPTY,
};

static int exit_code_of(const struct error *err, const struct kexec_options *options)
{
	/* Not seen before, since /sys is not mounted: the system call itself has failed. */
	if (err->fault == FAULT_NOTHING_LOADED && err->errnum)
		return EXIT_FAILED;
	/* The running kernel refuses such a line by kexec_file_load, as it does what it has no call for. */
	if (err->fault == FAULT_NO_KEXEC || err->fault == FAULT_FIT_COMMAND_LINE)
		return options->job.call == CALL_FILE_LOAD ? EXIT_NOT_THERE : EXIT_FAILED;
	for (size_t i = 0; i < sizeof usage_errors / sizeof usage_errors[0]; i++)
		if (err->fault == usage_errors[i])
			return EXIT_USAGE_ERROR;
	if (err->fault == FAULT_NO_SYSCALL || err->fault == FAULT_FORMAT_REFUSED ||
		err->fault == FAULT_TREE_REFUSED)
		return EXIT_NOT_THERE;
	return EXIT_FAILED;
}

static void show(const struct job *job, const void *context)
{
	const struct kexec_options *options = context;

	if (options->debug)
		show_job(job);
	if (options->explain)
		explain_job(job);
}

/* Nearly always a value of several words without its quotes. */
static void note_unread(const struct kexec_options *options)
{
	struct arena arena = { 0 };
	const char *words = options_unread(options, &arena);

	if (words && words[0])
		message_note(
			"the words after %s are ignored: %s (a value with blanks needs quotes, "
			"options go before --)",
			options->job.kernel, words);
	arena_free(&arena);
}

static bool load(const struct kexec_options *options, struct error *err)
{
	const struct run_job run = {
		.request = &options->job,
		.loader = LOADER_KEXEC,
		.planned = show,
		.context = options,
	};

	for (size_t i = 0; i < options->remark_count; i++)
		message_note("--%s has no effect: %s", options->remarks[i].name,
			options->remarks[i].why);
	note_unread(options);
	return run_job(&run, err);
}

static bool jump(const struct kexec_options *options, struct error *err)
{
	return act_jump(
		&kexec_live, (struct act_leave){ !options->no_sync, !options->no_ifdown }, err);
}

/* Of what was loaded before, maybe by others; a load of now has seen itself what is kept in memory. */
static bool jump_into_loaded(const struct kexec_options *options, struct error *err)
{
	struct arena arena = { 0 };
	struct notes notes = { .arena = &arena };
	bool may = kept_permits_now(options->job.call == CALL_LOAD, &notes, err);

	message_notes(&notes);
	arena_free(&arena);
	return may ? jump(options, err) : error_attempting(err, "jump into the loaded kernel");
}

/* The services stop in order; at the end of it init jumps, since a kernel is loaded. */
static bool reboot_in_order(struct error *err)
{
	static const char *const argv[] = { "shutdown", "-r", "now", NULL };

	process_become(argv, err);
	return error_attempting(err, "reboot the machine");
}

/* By the exit code alone, unless it cannot be told. */
static int status(const struct kexec_options *options, struct error *err)
{
	struct kexec_ability ability;
	enum answer loaded;

	if (!act_ability(&ability, err)) {
		error_attempting(err, "tell whether a kernel is loaded");
		return -1;
	}
	loaded = options->status_of_normal && !options->job.crash ? ability.loaded
								  : ability.crash_loaded;
	if (loaded != ANSWER_UNKNOWN)
		return loaded == ANSWER_YES;
	fail(err, FAULT_MACHINE_UNREADABLE,
		"/sys/kernel/kexec does not tell, nor do kexec_loaded and kexec_crash_loaded");
	error_attempting(err, "tell whether a kernel is loaded");
	return -1;
}

static bool show_crash_memory(struct error *err)
{
	uint64_t size;

	if (!act_crash_memory(&size, err))
		return false;
	say("%llu\n", (unsigned long long)size);
	return true;
}

static int act(const struct kexec_options *options, struct error *err)
{
	switch (options->action) {
	case ACTION_HELP:
		show_help();
		return EXIT_DONE;
	case ACTION_VERSION:
		say("kexec (Saut) " SAUT_VERSION "\n");
		return EXIT_DONE;
	case ACTION_STATUS:
		return status(options, err);
	case ACTION_LOAD:
		return load(options, err) ? EXIT_DONE : -1;
	case ACTION_EXEC:
		return jump_into_loaded(options, err) ? EXIT_DONE : -1;
	case ACTION_LOAD_AND_EXEC:
		return load(options, err) && jump(options, err) ? EXIT_DONE : -1;
	case ACTION_REBOOT:
		return load(options, err) && act_may_jump(err) && reboot_in_order(err) ? EXIT_DONE
										       : -1;
	case ACTION_SHUTDOWN:
		return act_may_jump(err) && reboot_in_order(err) ? EXIT_DONE : -1;
	case ACTION_CRASH_MEMORY:
		return show_crash_memory(err) ? EXIT_DONE : -1;
	case ACTION_UNLOAD:
		return run_unload(options->job.crash, err) ? EXIT_DONE : -1;
	}
	return EXIT_FAILED;
}

static void on_sigbus(int signal)
{
	(void)signal;
	message_sigbus(EXIT_FAILED);
}

int main(int argc, char **argv)
{
	struct kexec_options options = { 0 };
	struct error err = { 0 };
	int code = -1;

	message_begin(on_sigbus);
	if (limits_raise(&err) && options_parse(argc, argv, &options, &err))
		code = act(&options, &err);
	if (code >= 0 && message_end(&err))
		return code;
	err.closed[WAY_DEBUG] = options.debug;
	message_error(&err);
	return exit_code_of(&err, &options);
}
