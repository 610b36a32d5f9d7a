/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By Documentation/ABI/testing/sysfs-kernel-kexec-kdump and sysfs-devices-system-cpu in Linux, under newer and older names. */
#include "crash/crash-facts.h"

#include "machine/strict.h"
#include "machine/text.h"

/* The number in the first of the files that is there. */
static bool number(
	const struct source *source, struct arena *arena, const char *const names[2], uint64_t *ret)
{
	for (size_t i = 0; i < 2; i++) {
		struct error unsaid;
		struct view text;

		if (source->read(source, names[i], arena, &text, &unsaid) == IS_THERE)
			return text_decimal(text_trim(text), ret);
	}
	return false;
}

static enum answer answer(
	const struct source *source, struct arena *arena, const char *const names[2])
{
	uint64_t value;

	if (!number(source, arena, names, &value) || value > 1)
		return ANSWER_UNKNOWN;
	return value ? ANSWER_YES : ANSWER_NO;
}

#define KEXEC(newer, older)                                    \
	(const char *const[])                                  \
	{                                                      \
		"sys/kernel/kexec/" newer, "sys/kernel/" older \
	}
#define DEVICES(name)                                                  \
	(const char *const[])                                          \
	{                                                              \
		"sys/devices/system/" name, "sys/devices/system/" name \
	}

bool crash_facts_read(const struct source *source, struct arena *arena, struct crash_facts *ret,
	struct error *err)
{
	const struct strict strict = strict_make(source);
	const struct source *from = &strict.source;
	struct crash_facts facts = {
		.loaded = answer(from, arena, KEXEC("crash_loaded", "kexec_crash_loaded")),
		.updates_cpus = answer(from, arena, DEVICES("cpu/crash_hotplug")),
		.updates_memory = answer(from, arena, DEVICES("memory/crash_hotplug")),
	};

	facts.is_reserved_known =
		number(from, arena, KEXEC("crash_size", "kexec_crash_size"), &facts.reserved);
	facts.is_header_known = number(from, arena,
		KEXEC("crash_elfcorehdr_size", "crash_elfcorehdr_size"), &facts.header);
	if (!strict_check(&strict, err))
		return false;
	*ret = facts;
	return true;
}
