/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/dump-keys.h"

#include "machine/config.h"
#include "sys/crash-keys.h"

#define OPTION "CONFIG_CRASH_DM_CRYPT"

static bool fail_none(struct system *system, struct error *err)
{
	struct view config;
	const char *name;

	if (!kernel_config_text(system->source, &system->arena, &config, &name))
		return fail(err, FAULT_NO_CRASH_KEYS,
			"%s is not there: configfs is not mounted, or the running kernel has no " OPTION
			"=y (Linux 6.17 on)",
			CRASH_KEYS);
	if (kernel_config_answer(config, OPTION) == ANSWER_YES)
		return fail(err, FAULT_NO_CRASH_KEYS,
			"%s is not there: configfs is not mounted on /sys/kernel/config",
			CRASH_KEYS);
	return fail(err, FAULT_NO_CRASH_KEYS,
		"the running kernel hands no keys to a crash kernel: %s has no " OPTION
		"=y (Linux 6.17 on)",
		name);
}

bool dump_keys_choose(
	struct system *system, const char *const *names, size_t count, struct error *err)
{
	const struct crash_keys keys = { CRASH_KEYS, names, count };
	const char *const *there;

	if (count == 0) {
		crash_keys_forget(CRASH_KEYS);
		return true;
	}
	if (!source_take_names(system->source, &CRASH_KEYS[1], &system->arena, &there, err))
		return false;
	return there ? crash_keys_name(&keys, err) : fail_none(system, err);
}

void dump_keys_forget(void)
{
	crash_keys_forget(CRASH_KEYS);
}
