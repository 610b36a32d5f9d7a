/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut(8): a table of verbs. The exit code is the class of what went wrong. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/saut/error-json.h"
#include "cmd/saut/help.h"
#include "cmd/say.h"
#include "sys/limits.h"

static verb verb_help, verb_version;

static const struct verb_row verbs[] = {
	{ "list", verb_list, "[OPTION]...", "list what this machine could boot next" },
	{ "check", verb_check, "[OPTION]... [ENTRY | KERNEL]",
		"tell what would go wrong at the next reboot, before it does" },
	{ "inspect", verb_inspect, "[OPTION]... FILE...",
		"tell what is in a kernel, an initrd or a device tree" },
	{ "plan", verb_plan, "[OPTION]... [ENTRY | KERNEL]...",
		"tell what a load would do, with a map of the memory, and load nothing" },
	{ "capture", verb_capture, "[--root=FOLDER] FILE | -",
		"put what is known of this machine into one file, without its names and numbers" },
	{ "load", verb_load, "[OPTION]... [ENTRY | KERNEL]",
		"load a boot entry, the default one or another, or the kernel of a path" },
	{ "unload", verb_unload, "[--json]", "forget what is loaded" },
	{ "reboot", verb_reboot, "[OPTION]... [ENTRY | KERNEL]",
		"load an entry, unless a kernel is loaded already, and reboot by the init" },
	{ "status", verb_status, "[OPTION]...",
		"tell what the next reboot will be, and how the last one went" },
	{ "report", verb_report, "[OPTION]...", "tell where the time of the last reboot went" },
	{ "confirm", verb_confirm, "[--refuse] [--json]",
		"say that this boot is good, or leave it through the firmware" },
	{ "forgive", verb_forgive, "[--json]", "allow jumps into a kernel again that has failed" },
	{ "service", verb_service, "ACTION [OPTION]...",
		"serve the boot services: start, stop, load, status and others" },
	{ "crash", verb_crash, "[status | last | load | reload | unload | test] [OPTION]...",
		"tell what is ready for a panic and what the last one has left, load a kernel for it" },
	{ "help", verb_help, "[VERB]", "show the verbs, or the options of one" },
	{ "version", verb_version, "", "show the version" },
	{ .name = NULL },
};

static const struct verb_row *find(const char *name)
{
	const struct verb_row *row = verbs;

	while (row->name && strcmp(row->name, name) != 0)
		row++;
	return row;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool verb_help(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct verb_row *row = find(name);

	if (!name[0] || is_help(name))
		help_show(verbs);
	else if (row->name)
		help_show_verb(row);
	else
		return help_unknown_verb(verbs, name, err) || error_attempting(err, "show help");
	return true;
}

static bool verb_version(int argc, char **argv, struct error *err)
{
	(void)argv;
	if (argc > 1) {
		fail(err, FAULT_USAGE, "version takes nothing else");
		return error_attempting(err, "show the version");
	}
	say("saut " SAUT_VERSION "\n");
	return true;
}

static bool run_verb(const struct verb_row *row, int argc, char **argv, struct error *err)
{
	if (argc == 2 && is_help(argv[1])) {
		help_show_verb(row);
		return true;
	}
	/* We say it, in a sentence of our own. */
	opterr = 0;
	if (row->run(argc, argv, err))
		return true;
	return err->fault == FAULT_USAGE && help_unknown_option(argv, err);
}

static bool run(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct verb_row *row = find(name);

	if (is_help(name))
		row = find("help");
	else if (strcmp(name, "--version") == 0)
		row = find("version");
	if (row->name)
		return run_verb(row, argc - 1, argv + 1, err);
	if (!name[0])
		fail(err, FAULT_USAGE, "a verb is missing, such as status or reboot");
	else
		help_unknown_verb(verbs, name, err);
	return error_attempting(err, "understand the command line");
}

static void on_sigbus(int signal)
{
	(void)signal;
	message_sigbus((int)fault_class(FAULT_FILE_CHANGED));
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	message_begin(on_sigbus);
	if (limits_raise(&err) && run(argc, argv, &err)) {
		if (message_end(&err))
			return CLASS_DONE;
	} else if (error_json_is_wanted(argc, argv)) {
		error_json_show(&err);
	}
	fflush(stdout);
	message_error(&err);
	return (int)fault_class(err.fault);
}
