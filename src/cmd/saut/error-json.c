/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/error-json.h"

#include <stdio.h>
#include <string.h>

#include "cmd/json.h"
#include "cmd/message.h"

/* Of the JSON. */
enum { SCHEMA = 1, SHORTEST = 3 };

static const char *const classes[] = {
	[CLASS_DONE] = "done",
	[CLASS_REFUSED] = "refused",
	[CLASS_USAGE] = "usage",
	[CLASS_IMAGE] = "image",
	[CLASS_FIT] = "fit",
	[CLASS_KERNEL] = "kernel",
	[CLASS_PERMISSION] = "permission",
};

bool error_json_is_wanted(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t n = strlen(argv[i]);

		if (n >= SHORTEST && strncmp("--json", argv[i], n) == 0)
			return true;
	}
	return false;
}

void error_json_show(const struct error *err)
{
	const enum error_class class = fault_class(err->fault);
	struct json j = { .out = stdout };
	struct message_parts parts;

	if (err->is_answered)
		return;
	message_take_apart(err, &parts);
	json_begin(&j, SCHEMA);
	json_open(&j, "error", '{');
	json_string(&j, "attempt", parts.attempt);
	json_string(&j, "reason", parts.reason);
	json_known(&j, "hint", parts.hint);
	json_string(&j, "class", classes[class]);
	json_number(&j, "exit_code", class);
	json_close(&j, '}');
	json_end(&j);
}
