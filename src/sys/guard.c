/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/guard.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "sys/process.h"

/* What cannot be seen may be there. */
static bool is_there(const char *root, const char *path)
{
	char whole[PATH_MAX];
	int n = snprintf(whole, sizeof whole, "%s%s", root, path);

	if (n < 0 || (size_t)n >= sizeof whole)
		return true;
	return access(whole, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* The scripts alone are settings, which a package leaves behind when it is removed. */
static bool is_installed(const char *root)
{
	return (is_there(root, "/lib/molly-guard/molly-guard") ||
		       is_there(root, "/usr/lib/molly-guard/molly-guard")) &&
		is_there(root, "/etc/molly-guard/run.d");
}

bool guard_ask(const char *root, struct error *err)
{
	char folder[PATH_MAX];
	const char *const argv[] = { "env", "MOLLYGUARD_CMD=reboot", "MOLLYGUARD_DO_NOTHING=0",
		"MOLLYGUARD_SETTINGS=/etc/molly-guard/rc", "run-parts", "--exit-on-error", folder,
		NULL };
	int n = snprintf(folder, sizeof folder, "%s/etc/molly-guard/run.d", root);

	if (!is_installed(root))
		return true;
	if (n < 0 || (size_t)n >= sizeof folder)
		return fail(err, FAULT_GUARDED, "the path of molly-guard's scripts is too long");
	if (process_talk(argv, err))
		return true;
	return fail(
		err, FAULT_GUARDED, "molly-guard did not allow it: a script in %s refused", folder);
}
