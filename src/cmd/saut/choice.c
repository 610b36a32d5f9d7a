/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/choice.h"

#include <getopt.h>
#include <string.h>

#include "machine/text.h"
#include "service/settings.h"

enum { DELAY_MAX = 7 * 24 * 60 * 60 };

static bool wish(struct choice *c, enum entry_wanted_by by, const char *name, struct error *err)
{
	if (c->is_given)
		return fail(err, FAULT_USAGE,
			"one kernel is taken, and several are named (by ENTRY, KERNEL, --entry, --running or "
			"--newest)");
	c->wish = (struct entry_wish){ by, name };
	c->is_given = true;
	return true;
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
	}
	return false;
}

bool choice_read(int argc, char **argv, struct choice *ret, struct error *err)
{
	static const struct option options[] = {
		{ "entry", required_argument, NULL, 'e' },
		{ "running", no_argument, NULL, 'r' },
		{ "newest", no_argument, NULL, 'n' },
		{ "dry-run", no_argument, NULL, 'd' },
		{ "no-mount", no_argument, NULL, 'm' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "no-checks", no_argument, NULL, 'C' },
		{ "firmware", no_argument, NULL, 'f' },
		{ "cancel", no_argument, NULL, 'c' },
		{ "no-come-back", no_argument, NULL, 'B' },
		{ "within", required_argument, NULL, 'w' },
		{ "confirm", required_argument, NULL, 'o' },
		{ "delay", required_argument, NULL, 's' },
		{ "begin", required_argument, NULL, 'b' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "append", required_argument, NULL, 'A' },
		{ "remove", required_argument, NULL, 'R' },
		{ 0 },
	};
	struct choice choice = { 0 };

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == '?')
			return fail(err, FAULT_USAGE,
				"%.80s is no option of saut %s, or wants a value", argv[optind - 1],
				argv[0]);
		if (!take(&choice, c, optarg, err))
			return false;
	}
	for (; optind < argc; optind++)
		if (!wish(&choice, ENTRY_BY_NAME, argv[optind], err))
			return false;
	if (choice.wish.by == ENTRY_BY_NAME && strchr(choice.wish.name, '/'))
		choice.path = choice.wish.name;
	choice.is_given |= choice.is_changed;
	*ret = choice;
	return true;
}
