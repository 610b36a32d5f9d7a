/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of the verbs that only look: as what to print it, and at which system. */
#pragma once

#include <stdbool.h>

struct look_options {
	bool as_json;
	const char *root; /* NULL: the running system */
	bool no_mount;    /* what is not mounted is left alone */
};

/* Of the verbs that take no more than --json; false where a word is another. */
bool json_option_read(int argc, char **argv, bool *ret) __attribute__((warn_unused_result));

/* False where a word is none of --json, --root=FOLDER and --no-mount. */
bool look_options_read(int argc, char **argv, struct look_options *ret)
	__attribute__((warn_unused_result));
