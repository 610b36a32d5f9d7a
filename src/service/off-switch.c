/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/off-switch.h"

#include <string.h>

#include "machine/text.h"
#include "service/assignments.h"
#include "service/one-time.h"
#include "service/unloaded.h"

/* Gentoo's, its older place, and Debian's: whichever there is may be edited, so any "no" counts. */
static const char *const files[] = { "/etc/kexec.conf", "/etc/conf.d/kexec", "/etc/default/kexec" };
static const char parts[] = "/etc/default/kexec.d";

/* Gentoo's script, and Debian's, which coldreboot(8) speaks to. */
const struct foreign_switch foreign_switches[FOREIGN_SWITCHES] = {
	{ "/nokexec", "/etc/init.d/kexec" },
	{ "/no-kexec-reboot", "/etc/init.d/kexec-load" },
};

enum meaning { MEANS_ON, MEANS_OFF, MEANS_NOTHING };

static enum meaning of_yes_and_no(const char *value)
{
	bool yes;

	if (!value[0])
		return MEANS_ON;
	if (!assignment_is_yes(value, &yes))
		return MEANS_NOTHING;
	return yes ? MEANS_ON : MEANS_OFF;
}

/* A kernel called "-": Gentoo's way to say that there is none. */
static enum meaning of_kernel(const char *value)
{
	return strcmp(value, "-") == 0 ? MEANS_OFF : MEANS_ON;
}

static const struct {
	const char *name;
	enum meaning (*meaning)(const char *value);
	const char *on; /* what to write instead */
} settings[] = {
	{ OFF_SETTING, of_yes_and_no, "yes" },
	{ "KNAME", of_kernel, "\"\"" },
	{ "KERNEL_IMAGE", of_kernel, "\"\"" },
};

/* A value that nobody understands was written by somebody who wanted to change something. */
static bool find_setting(
	const struct assignments *all, size_t which, struct arena *arena, struct off_switch *ret)
{
	const char *name = settings[which].name;
	const struct assignment *a = assignments_find(all, name);
	enum meaning meaning = a && a->value ? settings[which].meaning(a->value) : MEANS_NOTHING;

	if (!a || meaning == MEANS_ON || (!a->value && settings[which].meaning == of_kernel))
		return false;
	ret->kind = OFF_ALWAYS;
	ret->what = arena_printf(arena,
		meaning == MEANS_OFF ? "%s, line %u, has %s=%.40s"
				     : "%s, line %u, has %s=%.40s, which is neither yes nor no "
				       "and taken for no",
		a->file, a->line, name, a->value ? a->value : "?");
	ret->undo = arena_printf(arena, "set %s=%s in %s", name, settings[which].on, a->file);
	return true;
}

/* A switch that is not seen, and why: the first one counts where none is seen. */
static void keep_unknown(struct off_switch *unknown, struct arena *arena, const char *reason)
{
	if (unknown->kind != OFF_NONE)
		return;
	*unknown = (struct off_switch){ OFF_UNKNOWN, arena_string(arena, view_of_string(reason)),
		"see that it can be read, or remove it" };
}

static struct view line_of(struct view text, unsigned number)
{
	struct view line = { 0 };

	while (number-- > 0 && text_line(&text, &line))
		;
	return line;
}

/* A line that is no assignment, as one with blanks around its "=", may be meant to switch it off. */
static bool find_misspelt(const struct assignments *all, struct view text, struct arena *arena,
	struct off_switch *ret)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct assignment *a = &all->items[i];
		struct view line = line_of(text, a->line);

		/* The last one of too many stands for all that were not taken in. */
		if (a->name ||
			(!memmem(line.p, line.n, OFF_SETTING, strlen(OFF_SETTING)) &&
				all->count < ASSIGNMENTS_MAX))
			continue;
		ret->kind = OFF_ALWAYS;
		ret->what = arena_printf(arena,
			"%s, line %u, may say " OFF_SETTING ", and is not understood: %s", a->file,
			a->line, a->obstacle);
		ret->undo = arena_printf(arena, "write " OFF_SETTING "=yes in %s", a->file);
		return true;
	}
	return false;
}

static bool find_in_file(const char *file, struct view text, struct arena *arena,
	struct off_switch *ret, struct off_switch *unknown)
{
	struct assignments all = { 0 };

	if (!assignments_read(&all, file, text, arena)) {
		keep_unknown(unknown, arena, "out of memory");
		return false;
	}
	for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
		if (find_setting(&all, k, arena, ret))
			return true;
	return find_misspelt(&all, text, arena, ret);
}

static bool find_in(const struct source *source, const char *file, struct arena *arena,
	struct off_switch *ret, struct off_switch *unknown)
{
	struct view text;
	struct error err;

	if (!source_take(source, file + 1, arena, &text, &err)) {
		keep_unknown(unknown, arena, err.reason);
		return false;
	}
	return text.p && find_in_file(file, text, arena, ret, unknown);
}

static bool find_in_folder(const struct source *source, struct arena *arena, struct off_switch *ret,
	struct off_switch *unknown)
{
	const char *const *names;
	struct error err;

	if (!source_take_names(source, &parts[1], arena, &names, &err)) {
		keep_unknown(unknown, arena, err.reason);
		return false;
	}
	for (size_t i = 0; names && names[i]; i++) {
		const char *file = arena_printf(arena, "%s/%s", parts, names[i]);

		if (!file)
			keep_unknown(unknown, arena, "out of memory");
		else if (settings_part_is_read(names[i]) &&
			find_in(source, file, arena, ret, unknown))
			return true;
	}
	return false;
}

static bool find_always(const struct source *source, struct arena *arena, struct off_switch *ret,
	struct off_switch *unknown)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (find_in(source, files[i], arena, ret, unknown))
			return true;
	return find_in_folder(source, arena, ret, unknown);
}

/* Whatever it is: a file, a folder, a link that leads nowhere, all of which have a name. */
static enum presence look_for(
	const struct source *source, const char *path, struct arena *arena, struct error *err)
{
	const char *name = strrchr(path, '/');
	const char *folder =
		name == path ? "." : arena_printf(arena, "%.*s", (int)(name - path - 1), path + 1);
	const char *const *names;
	struct error unreadable = { 0 };
	struct view bytes;
	enum presence presence;

	if (!folder) {
		fail_no_memory(err);
		return IS_UNREADABLE;
	}
	presence = source->read(source, path + 1, arena, &bytes, &unreadable);
	if (presence == IS_THERE)
		return IS_THERE;
	if (!source_take_names(source, folder, arena, &names, err))
		return IS_UNREADABLE;
	if (source_names_have(names, name + 1))
		return IS_THERE;
	if (presence == IS_UNREADABLE)
		*err = unreadable;
	return presence;
}

static bool find_once(const struct source *source, struct arena *arena, struct off_switch *ret,
	struct off_switch *unknown)
{
	const char *const once[] = { OFF_ONCE_FILE, foreign_switches[0].file,
		foreign_switches[1].file };

	for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
		struct error err;
		enum presence presence = look_for(source, once[i], arena, &err);

		if (presence == IS_UNREADABLE)
			keep_unknown(unknown, arena, err.reason);
		if (presence != IS_THERE)
			continue;
		ret->kind = OFF_ONCE;
		ret->what = arena_printf(
			arena, "%s is there, for one reboot through the firmware", once[i]);
		ret->undo = arena_printf(arena, "remove %s", once[i]);
		return true;
	}
	return false;
}

static bool find_told(const struct source *source, struct arena *arena, struct off_switch *ret,
	struct off_switch *unknown)
{
	const struct one_time once = one_time_find(source, arena);

	if (once.unknown)
		keep_unknown(unknown, arena, once.unknown);
	if (!once.what)
		return false;
	*ret = (struct off_switch){ OFF_TOLD, once.what,
		once.undo ? arena_printf(arena, "reboot once, or take it back: %s", once.undo)
			  : "reboot once" };
	return true;
}

/* What is loaded can be jumped into all the same: some load and then lock the door. */
static bool find_kernel(const struct kexec_ability *ability, struct off_switch *ret)
{
	static const char undo[] = "reboot through the firmware";

	if (ability->loaded == ANSWER_YES)
		return false;
	if (ability->disabled == ANSWER_YES)
		*ret = (struct off_switch){ OFF_KERNEL, "kernel.kexec_load_disabled is 1", undo };
	else if (ability->load_limit_reboot == 0)
		*ret = (struct off_switch){ OFF_KERNEL,
			"the limit kernel.kexec_load_limit_reboot is used up", undo };
	return ret->kind == OFF_KERNEL;
}

/* Behind all others, since an entry that is asked for takes it back, and none of them. */
static struct off_switch find_unloaded(
	const struct source *source, struct arena *arena, const struct kexec_ability *ability)
{
	const struct loaded loaded = loaded_find(source, ability->loaded, arena);
	const struct unloaded unloaded = unloaded_find(source, &loaded, arena);
	struct off_switch off = { 0 };

	if (unloaded.unknown)
		keep_unknown(&off, arena, unloaded.unknown);
	else if (unloaded.what)
		off = (struct off_switch){ OFF_UNLOADED, unloaded.what,
			"saut load, saut reboot ENTRY, or start the boot service again" };
	return off;
}

struct off_switch off_switch_find(
	const struct source *source, struct arena *arena, const struct kexec_ability *ability)
{
	struct off_switch found = { 0 }, unknown = { 0 };

	if (!find_always(source, arena, &found, &unknown) &&
		!find_once(source, arena, &found, &unknown) &&
		!find_told(source, arena, &found, &unknown))
		found = unknown;
	if (found.kind == OFF_NONE && !find_kernel(ability, &found))
		found = find_unloaded(source, arena, ability);
	if (found.kind != OFF_NONE) {
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
	struct error ignored;

	/* A file too many does less harm than a script that loads. */
	if (!source_take(source, foreign->script + 1, arena, &text, &ignored))
		return true;
	return text.p && memmem(text.p, text.n, foreign->file, strlen(foreign->file));
}
