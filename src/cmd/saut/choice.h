/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of the verbs that take an entry: which one, with what, and how far to go. */
#pragma once

#include "base/error.h"
#include "entry/entry.h"
#include "plan/line-edits.h"

enum { CHOICE_LIST_MAX = 16 };

/* Who takes a choice; each has options of its own. */
enum choice_verb {
	CHOICE_LOAD = 1 << 0,
	CHOICE_REBOOT = 1 << 1,
	CHOICE_PLAN = 1 << 2,
	CHOICE_CHECK = 1 << 3,
};

/* What was said several times. */
struct choice_list {
	const char *items[CHOICE_LIST_MAX];
	size_t count;
};

struct choice {
	struct entry_wish wish;
	bool is_given;    /* something was asked for, not just the default: nothing else will do */
	const char *path; /* that the entry was named by, and may be a kernel's; NULL: by no path */
	bool is_changed;  /* by one of these */
	struct choice_list initrds, appended, removed;
	const char *command_line; /* of a kernel by its path; NULL: the running kernel's */
	const char *root;         /* of another system; NULL: this one */
	bool dry_run;
	bool no_checks; /* what saut check says does not matter */
	bool no_mount;  /* what is not mounted is left alone */
	bool as_json;
	bool quiet; /* no progress is shown */
	/* Of reboot alone. */
	bool firmware;
	bool cancel;
	const char *begin; /* the unit whose reboot begins now; NULL: none */
	unsigned delay;    /* seconds */
	bool has_delay;
	bool no_come_back;
	unsigned within; /* seconds; 0: by the settings */
	bool has_confirm, confirm_is_manual;
	/* Of plan alone. */
	const char *svg;    /* a file for a picture; NULL: none is drawn */
	char *const *names; /* of entries or kernels; the choice itself is by no name then */
	size_t name_count;
	/* Of check alone. */
	bool strict;
};

/*
 * False with *err where a word is none of the verb's, a value is wrong, or more than one entry is asked for where one is
 * taken.
 */
bool choice_read(int argc, char **argv, enum choice_verb verb, struct choice *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Makes it the choice of what has this name, or this path with a slash. */
void choice_name(struct choice *choice, const char *name);
