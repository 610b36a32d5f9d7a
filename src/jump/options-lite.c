/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What differs there: three letters, a word for each system call, of which each is a load and no more, and a
 * jump that shuts down first unless it is forced. Without a command line the running kernel's is
 * left in the device tree, which means the same as to reuse it.
 */
#include "jump/options-lite.h"

#include <string.h>

#include "machine/text.h"

static bool set_file_load(
	struct said *said, const struct option_row *row, const char *value, struct error *err)
{
	said->load = true;
	return set_call(said, row, value, err);
}

static const struct option_row rows[] = {
	{ "file-load", .letter = 's', .apply = set_file_load, .call = CALL_FILE_LOAD },
	{ "initrd", .letter = 'i', .value = "FILE", .apply = add_initrd },
	{ "append", .letter = 'c', .value = "STRING", .apply = set_string,
		.field = offsetof(struct said, options.job.command_line) },
	{ "dtb", .letter = 'b', .value = "FILE", .apply = set_string,
		.field = offsetof(struct said, options.job.device_tree) },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

bool options_are_lite(const char *program)
{
	const char *slash = program ? strrchr(program, '/') : NULL;

	return program && strcmp(slash ? slash + 1 : program, "kexec-lite") == 0;
}

const struct option_row *options_lite_long(struct view name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (text_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

const struct option_row *options_lite_letter(char letter)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

bool options_lite_decide(struct said *said, struct error *err)
{
	struct kexec_options *o = &said->options;
	bool loads = said->load || o->job.crash;

	if (loads && !o->job.kernel)
		return fail(err, FAULT_NO_KERNEL, "No kernel specified");
	if (o->job.kernel && !loads)
		return fail(err, FAULT_USAGE, "kexec-lite is not told to load %s", o->job.kernel);
	if (!loads && !said->exec)
		return fail(err, FAULT_USAGE, "kexec-lite is told neither to load nor to jump");
	if (!o->job.command_line && !o->job.crash)
		o->job.reuse_command_line = true;
	o->action = !said->exec ? ACTION_LOAD
		: said->force   ? (loads ? ACTION_LOAD_AND_EXEC : ACTION_EXEC)
				: (loads ? ACTION_REBOOT : ACTION_SHUTDOWN);
	return true;
}
