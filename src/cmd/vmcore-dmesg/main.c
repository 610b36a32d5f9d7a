/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vmcore-dmesg(8): the log of a kernel that has crashed, out of the image of its memory. */
#include <stdlib.h>
#include <string.h>

#include "cmd/columns.h"
#include "cmd/message.h"
#include "cmd/say.h"
#include "crash/core-log.h"
#include "sys/big-file.h"
#include "sys/confine.h"

/* The first three are those of kexec-tools, whose other failures end with numbers from 3 to 69. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_USAGE_ERROR = 1,
	EXIT_NOT_OPENED = 2,
	EXIT_NO_CORE = 4,
	EXIT_DAMAGED = 5,
	EXIT_NO_LOG = 6,
	EXIT_OTHER = 7,
};

static int exit_code_of(const struct error *err)
{
	static const struct {
		enum fault fault;
		enum exit_code code;
	} rows[] = {
		{ FAULT_USAGE, EXIT_USAGE_ERROR },
		{ FAULT_FILE_MISSING, EXIT_NOT_OPENED },
		{ FAULT_FILE_DENIED, EXIT_NOT_OPENED },
		{ FAULT_FILE_NOT_REGULAR, EXIT_NOT_OPENED },
		{ FAULT_FILE_UNREADABLE, EXIT_NOT_OPENED },
		{ FAULT_CORE_UNKNOWN, EXIT_NO_CORE },
		{ FAULT_CORE_PACKED, EXIT_NO_CORE },
		{ FAULT_CORE_DAMAGED, EXIT_DAMAGED },
		{ FAULT_FILE_CHANGED, EXIT_DAMAGED },
		{ FAULT_CORE_NO_LOG, EXIT_NO_LOG },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].fault == err->fault)
			return rows[i].code;
	return EXIT_OTHER;
}

static void show_help(void)
{
	static const struct columns columns = { 22 };

	say("vmcore-dmesg " SAUT_VERSION " (Saut): the log of a kernel that has crashed\n\n");
	columns_say(&columns, "  vmcore-dmesg FILE",
		"print the kernel's log in /proc/vmcore, or in a copy of it");
	columns_say(&columns, "  -h, --help", "print this help");
	columns_say(&columns, "  -v, --version", "print the version");
}

static void put(void *context, struct view text)
{
	(void)context;
	say_plain(text);
}

static bool show_log(const char *path, struct error *err)
{
	struct log_sink sink = { .put = put };
	struct arena arena = { 0 };
	struct open_file file;
	struct core core;
	bool done;

	if (!big_file_open(path, &file, err))
		return error_attempting(err, "open %s", path);
	(void)confine_to_looking();
	done = core_open(&file.file, &arena, &core, err) && core_log_read(&core, &sink, err);
	arena_free(&arena);
	big_file_close(&file);
	return done || error_attempting(err, "read the kernel's log in %s", path);
}

static bool is_option(const char *word, const char *letter, const char *name)
{
	return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

static bool act(int argc, char **argv, struct error *err)
{
	const bool has_end = argc > 1 && strcmp(argv[1], "--") == 0;
	const char *word = argc > 1 + has_end ? argv[1 + has_end] : NULL;

	if (word && !has_end && is_option(word, "-h", "--help")) {
		show_help();
		return true;
	}
	if (word && !has_end && is_option(word, "-v", "--version")) {
		say("vmcore-dmesg (Saut) " SAUT_VERSION "\n");
		return true;
	}
	if (!word)
		return fail(err, FAULT_USAGE, "no file is named");
	if (word[0] == '-' && !has_end)
		return fail(err, FAULT_USAGE, "%s is no option", word);
	if (argc > 2 + has_end)
		return fail(err, FAULT_USAGE, "more than one file is named");
	return show_log(word, err);
}

static void on_sigbus(int signal)
{
	(void)signal;
	message_sigbus(EXIT_OTHER);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	message_begin(on_sigbus);
	if (act(argc, argv, &err) && message_end(&err))
		return EXIT_DONE;
	message_flush();
	if (err.fault == FAULT_USAGE)
		error_attempting(&err, "understand the command line");
	message_error(&err);
	return exit_code_of(&err);
}
