/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/loadings.h"

#include <time.h>

#include "cmd/say.h"

static const char *const loaders[LOADERS] = {
	[LOADER_UNKNOWN] = "somebody else",
	[LOADER_SERVICE] = "the boot service",
	[LOADER_SAUT] = "saut",
	[LOADER_KEXEC] = "kexec",
	[LOADER_LIBRARY] = "a program, by libsaut",
};

const char *date_of(uint64_t when, char ret[static DATE_MAX])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!localtime_r(&t, &tm) || !strftime(ret, DATE_MAX, "%Y-%m-%d %H:%M:%S", &tm))
		return "an unknown date";
	return ret;
}

const char *loader_words(enum loader loader)
{
	return loaders[loader];
}

const char *loading_words(const struct loading *l, struct arena *arena)
{
	if (l->release[0] && l->title[0])
		return arena_printf(
			arena, "Linux %s (%s, entry \"%s\")", l->release, l->kernel, l->title);
	if (l->release[0])
		return arena_printf(arena, "Linux %s (%s)", l->release, l->kernel);
	if (l->title[0])
		return arena_printf(arena, "%s (entry \"%s\")", l->kernel, l->title);
	return l->kernel;
}

void loading_show_files(const struct loading *l)
{
	for (size_t i = 0; l->initrds && l->initrds[i]; i++)
		say("    initrd   %s\n", l->initrds[i]);
	if (l->command_line)
		say("    options  %s\n", l->command_line);
}

void loading_show_json(const char *name, const struct loading *l, struct json *j)
{
	if (!l) {
		json_null(j, name);
		return;
	}
	json_open(j, name, '{');
	json_string(j, "by", l->by == LOADER_UNKNOWN ? NULL : loader_name(l->by));
	json_known_number(j, "when", l->when);
	json_known(j, "title", l->title);
	json_known(j, "kernel", l->kernel);
	json_known(j, "release", l->release);
	json_string(j, "command_line", l->command_line);
	json_strings(j, "initrds", l->initrds);
	json_close(j, '}');
}
