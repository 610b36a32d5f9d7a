/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut(8): a table of verbs. The exit code is the class of what went wrong. */
#include <stdio.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"

static const struct {
	const char *name;
	verb *run;
	const char *help;
} verbs[] = {
	{ "list", verb_list, "list [--json]          what this machine could boot next" },
	{ "check", verb_check,
		"check [WHAT]           what would go wrong at the next reboot, before it does" },
	{ "inspect", verb_inspect,
		"inspect FILE ...       what is in a kernel, an initrd or a device tree" },
	{ "load", verb_load,
		"load [WHICH]           load a boot entry: the default one, or WHICH" },
	{ "unload", verb_unload, "unload                 forget what is loaded" },
	{ "reboot", verb_reboot,
		"reboot [WHICH] [HOW]   load, unless something is, and reboot by the running init" },
	{ "status", verb_status,
		"status [--json]        whether this kernel can kexec, what is loaded" },
	{ "confirm", verb_confirm,
		"confirm [--refuse]     this boot is good, or is to be left through the firmware" },
	{ "forgive", verb_forgive, "forgive                jump again into a kernel that failed" },
	{ "service", verb_service,
		"service ACTION         what the boot services call: start, stop, status, ..." },
};

static const char *const options[] = {
	"WHICH: --entry=NAME        the one with this id, title, version or kernel",
	"       --running           the one with the running kernel",
	"       --newest            the one with the newest kernel",
	"       KERNEL              a path; where no entry has it, its initrd is found by name",
	"       --append=WORDS      with these behind its command line; and without --remove=WORD",
	"       --initrd=FILE       with this one, too; to a KERNEL, with this one alone",
	"WHAT:  ENTRY, --running, --newest, or the path of a KERNEL with --initrd=FILE and",
	"       --command-line=LINE; --strict: a warning fails, too; --json: for programs",
	"HOW:   --delay=SECONDS     in so many seconds; saut returns at once all the same",
	"       --cancel            forget a reboot that waits for its time",
	"       --within=SECONDS    how long the next kernel has until it is confirmed, or left",
	"       --confirm=WHO       by whom: auto, manual",
	"       --no-come-back      nobody sees whether it comes up",
	"       --firmware          once through the firmware, though kexec is on",
	"       --dry-run           of load, too: show what would be done",
	"       --no-checks         of load, too: whatever saut check says",
	"       --no-mount          of list, check, load and status, too: leave alone what is not mounted",
};

static void help(void)
{
	say("saut " SAUT_VERSION ": reboot into another kernel without the firmware\n\n");
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		say("  saut %s\n", verbs[i].help);
	say("\n");
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		say("  %s\n", options[i]);
	say("\nsaut(8) tells where entries come from, and which switches turn kexec off.\n");
}

static bool run(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		help();
		return true;
	}
	if (strcmp(name, "--version") == 0) {
		say("saut " SAUT_VERSION "\n");
		return true;
	}
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(name, verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1, err);
	fail(err, FAULT_USAGE, name[0] ? "there is no verb \"%s\"" : "no verb is given%s", name);
	return error_attempting(err, "begin");
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
	if (run(argc, argv, &err) && message_end(&err))
		return CLASS_DONE;
	fflush(stdout);
	message_error(&err);
	return (int)fault_class(err.fault);
}
