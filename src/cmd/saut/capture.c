/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut capture: this machine in one file, for whoever wants to see what Saut makes of it. */
#include <getopt.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "sys/store.h"
#include "system/capture.h"

static bool write_out(const struct captured *captured, const char *path, struct error *err)
{
	if (strcmp(path, "-") == 0) {
		say_plain(view_of_string(captured->text));
		return true;
	}
	if (!store_new(path, captured->text, err))
		return false;
	say("%s: %zu files of this machine; %zu more were read and are left out\n", path,
		captured->files, captured->left_out);
	return true;
}

static bool capture(const char *root, const char *path, struct error *err)
{
	struct arena arena = { 0 };
	struct notes notes = { .arena = &arena };
	struct captured captured;
	bool done = system_capture(root, &arena, &notes, &captured, err) &&
		write_out(&captured, path, err);

	message_flush();
	message_notes(&notes);
	arena_free(&arena);
	return done;
}

bool verb_capture(int argc, char **argv, struct error *err)
{
	static const struct option options[] = { { "root", required_argument, NULL, 'r' }, { 0 } };
	const char *root = NULL;
	bool is_understood = true;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		is_understood &= c == 'r';
		root = c == 'r' ? optarg : root;
	}
	if (!is_understood || optind + 1 != argc)
		fail(err, FAULT_USAGE,
			"capture takes the name of a new FILE, or -, and --root=FOLDER");
	else if (capture(root, argv[optind], err))
		return true;
	return error_attempting(err, "capture this machine");
}
