/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/choice.h"

#include <getopt.h>
#include <string.h>

#include "machine/text.h"
#include "service/settings.h"

enum { DELAY_MAX = 7 * 24 * 60 * 60 };

void choice_name(struct choice *choice, const char *name)
{
	choice->wish = (struct entry_wish){ ENTRY_BY_NAME, name };
	choice->path = strchr(name, '/') ? name : NULL;
}

static bool wish(struct choice *c, enum entry_wanted_by by, const char *name, struct error *err)
{
	if (c->is_given)
		return fail(err, FAULT_USAGE,
			"one kernel is taken, and several are named (by ENTRY, KERNEL, --entry, --running or "
			"--newest)");
	c->wish = (struct entry_wish){ by, NULL };
	if (name)
		choice_name(c, name);
	return c->is_given = true;
}

/* Of an entry that is loaded in another way than it is, what is loaded already is not it. */
static bool add(struct choice *c, struct choice_list *list, const char *item, struct error *err)
{
	if (!item[0])
		return fail(err, FAULT_USAGE, "--append, --remove and --initrd want a value");
	if (list->count == CHOICE_LIST_MAX)
		return fail(err, FAULT_USAGE,
			"--append, --remove and --initrd can be given %d times each",
			CHOICE_LIST_MAX);
	list->items[list->count++] = item;
	return c->is_changed = true;
}

static bool take_delay(struct choice *c, const char *text, struct error *err)
{
	uint64_t seconds;

	if (!text_decimal(view_of_string(text), &seconds) || seconds > DELAY_MAX)
		return fail(err, FAULT_USAGE, "--delay=%.40s is no number of seconds from 0 to %d",
			text, DELAY_MAX);
	c->has_delay = true;
	c->delay = (unsigned)seconds;
	return true;
}

static bool take_within(struct choice *c, const char *text, struct error *err)
{
	uint64_t seconds;

	if (!text_decimal(view_of_string(text), &seconds) || seconds < COME_BACK_LEAST_S ||
		seconds > COME_BACK_MOST_S)
		return fail(err, FAULT_USAGE,
			"--within=%.40s is no number of seconds from %d to %d", text,
			COME_BACK_LEAST_S, COME_BACK_MOST_S);
	c->within = (unsigned)seconds;
	return true;
}

static bool take_confirm(struct choice *c, const char *who, struct error *err)
{
	c->has_confirm = true;
	c->confirm_is_manual = strcmp(who, "manual") == 0;
	if (c->confirm_is_manual || strcmp(who, "auto") == 0)
		return true;
	return fail(err, FAULT_USAGE, "--confirm=%.40s is neither auto nor manual", who);
}

static bool take(struct choice *c, int option, const char *value, struct error *err)
{
	switch (option) {
	case 'e':
		return wish(c, ENTRY_BY_NAME, value, err);
	case 'r':
		return wish(c, ENTRY_BY_RUNNING, NULL, err);
	case 'n':
		return wish(c, ENTRY_BY_NEWEST, NULL, err);
	case 'd':
		return c->dry_run = true;
	case 'm':
		return c->no_mount = true;
	case 'j':
		return c->as_json = true;
	case 'q':
		return c->quiet = true;
	case 'C':
		return c->no_checks = true;
	case 'f':
		return c->firmware = true;
	case 'c':
		return c->cancel = true;
	case 'B':
		return c->no_come_back = true;
	case 'w':
		return take_within(c, value, err);
	case 'o':
		return take_confirm(c, value, err);
	case 's':
		return take_delay(c, value, err);
	case 'b':
		c->begin = value;
		return true;
	case 'i':
		return add(c, &c->initrds, value, err);
	case 'A':
		return add(c, &c->appended, value, err);
	case 'R':
		return add(c, &c->removed, value, err);
	case 'l':
		c->command_line = value;
		return c->is_changed = true;
	case 'D':
		c->root = value;
		return true;
	case 'p':
		c->svg = value;
		return true;
	case 'S':
		return c->strict = true;
	}
	return false;
}

enum {
	BY_JUMP = CHOICE_LOAD | CHOICE_REBOOT,
	BY_LOOK = CHOICE_PLAN | CHOICE_CHECK,
	BY_ALL = BY_JUMP | BY_LOOK,
};

static const struct {
	struct option option;
	unsigned verbs; /* enum choice_verb, those that take it */
} taken[] = {
	{ { "entry", required_argument, NULL, 'e' }, BY_JUMP },
	{ { "running", no_argument, NULL, 'r' }, BY_ALL },
	{ { "newest", no_argument, NULL, 'n' }, BY_ALL },
	{ { "initrd", required_argument, NULL, 'i' }, BY_ALL },
	{ { "append", required_argument, NULL, 'A' }, BY_ALL },
	{ { "remove", required_argument, NULL, 'R' }, BY_ALL },
	{ { "no-mount", no_argument, NULL, 'm' }, BY_ALL },
	{ { "json", no_argument, NULL, 'j' }, BY_ALL },
	{ { "quiet", no_argument, NULL, 'q' }, BY_ALL },
	{ { "command-line", required_argument, NULL, 'l' }, BY_LOOK },
	{ { "root", required_argument, NULL, 'D' }, BY_LOOK },
	{ { "svg", required_argument, NULL, 'p' }, CHOICE_PLAN },
	{ { "strict", no_argument, NULL, 'S' }, CHOICE_CHECK },
	{ { "dry-run", no_argument, NULL, 'd' }, BY_JUMP },
	{ { "no-checks", no_argument, NULL, 'C' }, BY_JUMP },
	{ { "firmware", no_argument, NULL, 'f' }, CHOICE_REBOOT },
	{ { "cancel", no_argument, NULL, 'c' }, CHOICE_REBOOT },
	{ { "no-come-back", no_argument, NULL, 'B' }, CHOICE_REBOOT },
	{ { "within", required_argument, NULL, 'w' }, CHOICE_REBOOT },
	{ { "confirm", required_argument, NULL, 'o' }, CHOICE_REBOOT },
	{ { "delay", required_argument, NULL, 's' }, CHOICE_REBOOT },
	{ { "begin", required_argument, NULL, 'b' }, CHOICE_REBOOT },
};

enum { OPTIONS = sizeof taken / sizeof *taken };

static void options_of(enum choice_verb verb, struct option ret[static OPTIONS + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < OPTIONS; i++)
		if (taken[i].verbs & verb)
			ret[n++] = taken[i].option;
	ret[n] = (struct option){ 0 };
}

/* Plan takes several, and each has its own picture. */
static bool take_names(
	struct choice *c, enum choice_verb verb, char *const *names, struct error *err)
{
	if (verb != CHOICE_PLAN) {
		for (; *names; names++)
			if (!wish(c, ENTRY_BY_NAME, *names, err))
				return false;
		return true;
	}
	c->names = names;
	while (names[c->name_count])
		c->name_count++;
	if (c->name_count && c->wish.by != ENTRY_BY_DEFAULT)
		return fail(err, FAULT_USAGE, "--running and --newest go with no ENTRY or KERNEL");
	return !c->svg || c->name_count < 2 ||
		fail(err, FAULT_USAGE, "--svg=FILE draws one ENTRY or KERNEL, and %zu are named",
			c->name_count);
}

bool choice_read(
	int argc, char **argv, enum choice_verb verb, struct choice *ret, struct error *err)
{
	struct option options[OPTIONS + 1];
	struct choice choice = { 0 };

	options_of(verb, options);
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return fail(err, FAULT_USAGE,
				"%.80s is no option of saut %s, or wants a value", argv[optind - 1],
				argv[0]);
		if (!take(&choice, c, optarg, err))
			return false;
	}
	if (!take_names(&choice, verb, argv + optind, err))
		return false;
	choice.is_given |= choice.is_changed;
	*ret = choice;
	return true;
}
