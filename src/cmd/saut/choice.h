/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of the verbs that take an entry, load and reboot: which one, and how far to go. */
#pragma once

#include "entry/entry.h"

struct choice {
	struct entry_wish wish;
	bool is_given; /* an entry was asked for, not just the default */
	bool dry_run;
	bool no_checks; /* what saut check says does not matter */
	bool no_mount;  /* what is not mounted is left alone */
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

/* False where a word is none of them, or more than one entry is asked for. */
bool choice_read(int argc, char **argv, struct choice *ret) __attribute__((warn_unused_result));
