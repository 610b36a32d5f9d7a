/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether modprobe would load a driver by its name: modprobe.d(5), where "blacklist" is about aliases alone,
 * and Documentation/admin-guide/kernel-parameters.rst, module_blacklist.
 */
#include <string.h>

#include "machine/modules.h"
#include "machine/text.h"
#include "watchdog/watchdog.h"

static const char *const folders[] = { "etc/modprobe.d", "run/modprobe.d",
	"usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d" };

enum { FOLDERS = sizeof folders / sizeof *folders };

/* "install NAME COMMAND": the command is run instead, and nobody knows what it does. */
static bool is_replaced(struct view text, const char *driver)
{
	struct view line, word;

	while (text_line(&text, &line))
		if (text_word(&line, &word) && text_is(word, "install") &&
			text_word(&line, &word) && module_name_is(word, driver))
			return true;
	return false;
}

static bool is_settings(const char *name)
{
	const size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".conf") == 0;
}

static bool check_folder(const struct source *source, const char *folder,
	const struct watchdog *watchdog, struct arena *arena, struct error *err)
{
	const char *const *names;

	if (!source_take_names(source, folder, arena, &names, err))
		return false;
	for (; names && *names; names++) {
		const char *path = arena_printf(arena, "%s/%s", folder, *names);
		struct view text;

		if (!path)
			return fail_no_memory(err);
		if (!is_settings(*names))
			continue;
		if (!source_take(source, path, arena, &text, err))
			return false;
		if (is_replaced(text, watchdog->driver))
			return fail(err, FAULT_NO_WATCHDOG,
				"/%s has a command that is run instead of loading the driver %s, "
				"which can stop the watchdog",
				path, watchdog->driver);
	}
	return true;
}

bool watchdog_check_loadable(const struct source *source, const struct watchdog *watchdog,
	struct arena *arena, struct error *err)
{
	struct view text;

	if (!source_take(source, "proc/sys/kernel/modules_disabled", arena, &text, err))
		return false;
	if (text_is(text_trim(text), "1"))
		return fail(err, FAULT_NO_WATCHDOG,
			"this system lets no modules be loaded once it is up "
			"(kernel.modules_disabled), and so not the driver %s, which can stop the "
			"watchdog",
			watchdog->driver);
	for (size_t i = 0; i < FOLDERS; i++)
		if (!check_folder(source, folders[i], watchdog, arena, err))
			return false;
	return true;
}

/* "module_blacklist=a,b" */
static bool names(struct view parameter, const char *driver)
{
	struct view name, one;

	if (!text_cut(&parameter, '=', &name) || !text_is(name, "module_blacklist"))
		return false;
	while (text_item(&parameter, ',', &one))
		if (module_name_is(one, driver))
			return true;
	return false;
}

bool watchdog_check_line(const char *line, const struct watchdog *watchdog, struct error *err)
{
	struct view rest = view_of_string(line), word;

	while (text_word(&rest, &word))
		if (names(word, watchdog->driver))
			return fail(err, FAULT_NO_WATCHDOG,
				"the next kernel is told not to load the driver %s, which can stop "
				"the watchdog (module_blacklist)",
				watchdog->driver);
	return true;
}
