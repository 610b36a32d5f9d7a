/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/off-switch.h"

#include <string.h>

#include "service/assignments.h"

/* Gentoo's, its older place, and Debian's: whichever there is may be edited, so any "no" counts. */
static const char *const files[] = { "/etc/kexec.conf", "/etc/conf.d/kexec",
	"/etc/default/kexec" };

/* Gentoo's script, and Debian's, which coldreboot(8) speaks to. */
const struct foreign_switch foreign_switches[FOREIGN_SWITCHES] = {
	{ "/nokexec", "/etc/init.d/kexec" },
	{ "/no-kexec-reboot", "/etc/init.d/kexec-load" },
};

/* NULL where the file does not say it. */
static const struct assignment *setting_in(
	const struct source *source, const char *file, struct arena *arena)
{
	struct assignments all = { 0 };
	struct view text;

	return source->read(source, file + 1, arena, &text) &&
			assignments_read(&all, file, text, arena)
		? assignments_find(&all, OFF_SETTING)
		: NULL;
}

static bool find_always(const struct source *source, struct arena *arena, struct off_switch *ret)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct assignment *a = setting_in(source, files[i], arena);
		const char *value = a && a->value ? a->value : "?";
		bool yes, known = assignment_is_yes(value, &yes);

		if (!a || (known && yes) || !value[0])
			continue;
		/* What nobody understands was written by somebody who wanted to change something. */
		ret->kind = OFF_ALWAYS;
		ret->what = arena_printf(arena, "%s, line %u, has %s=%.40s%s", files[i], a->line,
			OFF_SETTING, value,
			known ? "" : ", which is neither yes nor no and taken for no");
		ret->undo = arena_printf(arena, "set %s=yes in %s", OFF_SETTING, files[i]);
		return true;
	}
	return false;
}

static bool find_once(const struct source *source, struct arena *arena, struct off_switch *ret)
{
	const char *const once[] = { OFF_ONCE_FILE, foreign_switches[0].file,
		foreign_switches[1].file };

	for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
		struct view ignored;

		if (!source->read(source, once[i] + 1, arena, &ignored))
			continue;
		ret->kind = OFF_ONCE;
		ret->what = arena_printf(arena, "%s is there, for one reboot through the firmware",
			once[i]);
		ret->undo = arena_printf(arena, "remove %s", once[i]);
		return true;
	}
	return false;
}

/* What is loaded can be jumped into all the same: some load and then lock the door. */
static bool find_kernel(const struct kexec_ability *ability, struct off_switch *ret)
{
	static const char undo[] = "it stays so until a reboot through the firmware";

	if (ability->loaded == ANSWER_YES)
		return false;
	if (ability->disabled == ANSWER_YES)
		*ret = (struct off_switch){ OFF_KERNEL, "kernel.kexec_load_disabled is 1", undo };
	else if (ability->load_limit_reboot == 0)
		*ret = (struct off_switch){ OFF_KERNEL,
			"the limit kernel.kexec_load_limit_reboot is used up", undo };
	return ret->kind == OFF_KERNEL;
}

struct off_switch off_switch_find(
	const struct source *source, struct arena *arena, const struct kexec_ability *ability)
{
	struct off_switch found = { 0 };

	if (find_always(source, arena, &found) || find_once(source, arena, &found) ||
		find_kernel(ability, &found)) {
		/* Memory was out. */
		found.what = found.what ? found.what : "a switch";
		found.undo = found.undo ? found.undo : "see saut(8)";
	}
	return found;
}

bool foreign_switch_is_used(
	const struct foreign_switch *foreign, const struct source *source, struct arena *arena)
{
	struct view text;

	return source->read(source, foreign->script + 1, arena, &text) &&
		memmem(text.p, text.n, foreign->file, strlen(foreign->file));
}
