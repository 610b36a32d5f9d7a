/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/help.h"

#include <string.h>

#include "base/near.h"
#include "cmd/columns.h"
#include "cmd/say.h"

enum { LEFT = 25 };

static const struct option_help {
	const char *verbs; /* that take it */
	const char *label, *text;
} options[] = {
	{ "load reboot", "--entry=NAME", "the entry with this id, title, version or kernel" },
	{ "check plan load reboot", "--running", "the entry with the running kernel" },
	{ "check plan load reboot", "--newest", "the entry with the newest kernel" },
	{ "check plan load reboot", "--append=WORDS",
		"add these words to the end of the command line" },
	{ "check plan load reboot", "--remove=WORD", "leave this word out of the command line" },
	{ "crash", "--initrd=FILE", "with load: this initrd" },
	{ "check plan load reboot", "--initrd=FILE",
		"one more initrd; to the path of a KERNEL, the only one" },
	{ "check plan", "--command-line=LINE", "with the path of a KERNEL: its command line" },
	{ "crash", "--command-line=LINE", "with load: this command line" },
	{ "plan", "--svg=FILE", "draw the memory and the blackout into FILE" },
	{ "check", "--strict", "exit with a failure for a warning as well" },
	{ "reboot", "--delay=SECONDS", "reboot in so many seconds; saut itself returns at once" },
	{ "reboot", "--cancel", "cancel a reboot that waits for its time" },
	{ "reboot", "--within=SECONDS",
		"how long the next kernel has until it is confirmed, or left through the firmware" },
	{ "reboot", "--confirm=WHO",
		"who confirms the next kernel: auto (the boot service) or manual (saut confirm)" },
	{ "reboot", "--no-come-back", "do not watch whether the next kernel comes up" },
	{ "reboot", "--firmware", "reboot once through the firmware, not by kexec" },
	{ "load reboot", "--dry-run", "show what would be done, and do nothing" },
	{ "load reboot", "--no-checks", "load even if a check fails" },
	{ "list check plan load reboot status crash", "--no-mount",
		"do not mount file systems to look into them" },
	{ "list check inspect plan capture status report crash", "--root=FOLDER",
		"look at the system in FOLDER, not at this one" },
	{ "list check inspect plan load unload reboot status report confirm forgive service crash",
		"--json", "print JSON, for programs" },
	{ "check inspect plan load reboot", "--quiet", "do not show the progress of long work" },
	{ "report", "--svg=FILE", "draw it into FILE as well" },
	{ "report", "--history", "tell of the last 50 reboots instead, a line each" },
	{ "report", "--prometheus", "print it for node_exporter's textfile collector" },
	{ "confirm", "--refuse", "leave this boot through the firmware, and do not confirm it" },
	{ "crash", "--luks-key=NAME",
		"with load: hand this key of the user keyring to the crash kernel" },
	{ "crash", "--yes", "with test: end this system by a panic, now" },
	{ "service", "--style=STYLE", "whose settings are read: openrc, debian, systemd or runit" },
	{ "service", "--conf=FILE", "read the settings from FILE" },
	{ "service", "--environment", "take settings from the environment as well" },
	{ "service", "--rebooting", "with stop and leave: the machine goes down for a reboot" },
	{ "service", "--check", "with jump: only say whether it would jump" },
};

enum { OPTIONS = sizeof options / sizeof *options };

/* Whether a list of words has this one. */
static bool takes(const char *verbs, const char *name)
{
	const size_t n = strlen(name);

	for (const char *at = verbs; (at = strstr(at, name)); at += n)
		if ((at == verbs || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static void show_usage(const struct verb_row *row, const char *text)
{
	static const struct columns columns = { LEFT };
	char label[LEFT * 2] = "  saut ";

	strncat(label, row->name, LEFT);
	columns_say(&columns, label, text);
}

void help_show(const struct verb_row *rows)
{
	say("saut " SAUT_VERSION ": reboot into another kernel without the firmware\n\n");
	for (const struct verb_row *row = rows; row->name; row++)
		show_usage(row, row->summary);
	say("\nsaut help VERB shows the options of a verb; the manual is saut(8).\n");
}

void help_show_verb(const struct verb_row *row)
{
	static const struct columns columns = { LEFT };
	bool has_options = false;

	say("saut %s%s%s\n\n", row->name, row->takes[0] ? " " : "", row->takes);
	columns_say(&(const struct columns){ 2 }, "", row->summary);
	for (size_t i = 0; i < OPTIONS; i++) {
		char label[LEFT * 2] = "  ";

		if (!takes(options[i].verbs, row->name))
			continue;
		if (!has_options)
			say("\n");
		has_options = true;
		strncat(label, options[i].label, LEFT);
		columns_say(&columns, label, options[i].text);
	}
}

bool help_unknown_verb(const struct verb_row *rows, const char *name, struct error *err)
{
	struct near_search search = { name, strlen(name), NULL, 0 };

	for (const struct verb_row *row = rows; row->name; row++)
		near_consider(&search, row->name, strlen(row->name));
	if (search.found)
		return fail(err, FAULT_USAGE, "saut has no verb \"%s\": did you mean %s?", name,
			search.found);
	return fail(err, FAULT_USAGE, "saut has no verb \"%s\"", name);
}

/* The length of an option's name, without what is behind "=". */
static size_t name_length(const char *label)
{
	return strcspn(label, "=");
}

/* Known, also when it is cut short as getopt_long takes it. */
static bool is_known(const char *word, const char *of)
{
	const size_t n = name_length(word);

	for (size_t i = 0; i < OPTIONS; i++)
		if (takes(options[i].verbs, of) && strncmp(options[i].label, word, n) == 0)
			return true;
	return false;
}

/* The label of the option that was meant, of those that the verb takes; NULL: none is near. */
static const char *nearest(const char *word, const char *of)
{
	struct near_search search = { word, name_length(word), NULL, 0 };

	for (size_t i = 0; i < OPTIONS; i++)
		if (takes(options[i].verbs, of))
			near_consider(&search, options[i].label, name_length(options[i].label));
	return search.found;
}

bool help_unknown_option(char **argv, struct error *err)
{
	for (char **word = argv + 1; *word && strcmp(*word, "--") != 0; word++) {
		const char *meant;

		if (strncmp(*word, "--", 2) != 0 || is_known(*word, argv[0]))
			continue;
		meant = nearest(*word, argv[0]);
		if (meant)
			fail(err, FAULT_USAGE, "saut %s has no option %.*s: did you mean %.*s?",
				argv[0], (int)name_length(*word), *word, (int)name_length(meant),
				meant);
		else
			fail(err, FAULT_USAGE, "saut %s has no option %.*s", argv[0],
				(int)name_length(*word), *word);
		return error_attempting(err, "understand the command line");
	}
	return false;
}
