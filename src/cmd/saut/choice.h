/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of the verbs that take an entry, load and reboot: which one, with what, and how far to go. */
#pragma once

#include "base/error.h"
#include "entry/entry.h"
#include "plan/line-edits.h"

enum { CHOICE_LIST_MAX = 16 };

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
};

/* False with *err where a word is none of them, a value is wrong, or more than one entry is asked for. */
bool choice_read(int argc, char **argv, struct choice *ret, struct error *err)
	__attribute__((warn_unused_result));
