/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documentation/admin-guide/kernel-parameters.rst; initramfs-tools(7), panic; dracut.cmdline(7). */
#include "plan/come-back-parameters.h"

#include <string.h>

#include "machine/text.h"
#include "machine/trial-parameter.h"
#include "plan/command-line.h"
#include "plan/marked-parameters.h"

enum { PARAMETERS_MAX = 8 };

struct adding {
	const char *line;
	struct arena *arena;
	struct notes *notes;
	const char *parameters[PARAMETERS_MAX];
	size_t count;
};

/* word: NULL when memory is out, which who adds it finds as well. */
static void note_stays(struct adding *a, const char *word, const char *name, const char *value)
{
	if (word)
		notes_add(a->notes,
			"%s is on the next kernel's command line, and stays: with %s=%s the "
			"machine would come back by itself",
			word, name, value);
}

/* Whether somebody else has given it a value; one with which the machine comes back is as good. */
static bool is_said(struct adding *a, const char *name, const char *value)
{
	const char *said = command_line_value(a->line, name, a->arena);
	/* Alone it says yes, as rd.shell does to dracut. */
	const bool is_alone = !said && text_has_word(view_of_string(a->line), name);
	bool is_as_good = said &&
		(strcmp(said, value) == 0 ||
			(strcmp(name, "panic") == 0 && strcmp(said, "0") != 0));

	if (is_alone)
		note_stays(a, name, name, value);
	else if (said && !is_as_good)
		note_stays(a, arena_printf(a->arena, "%s=%s", name, said), name, value);
	return said || is_alone;
}

static bool add(struct adding *a, const char *name, const char *value)
{
	const char *parameter;

	if (!value)
		return false;
	if (is_said(a, name, value))
		return true;
	parameter = arena_printf(a->arena, "%s=%s", name, value);
	if (parameter)
		a->parameters[a->count++] = parameter;
	return parameter != NULL;
}

static const char *decimal(struct arena *arena, unsigned value)
{
	return arena_printf(arena, "%u", value);
}

const char *come_back_parameters_add(const char *line, const struct come_back_parameters *wanted,
	struct arena *arena, struct notes *notes)
{
	struct adding a = { .line = line, .arena = arena, .notes = notes };
	bool done;

	if (!wanted->id)
		return line;
	done = add(&a, "panic", decimal(arena, COME_BACK_PANIC_S));
	/* Others do not know them, and which initrd is dracut's cannot be told by its first bytes. */
	if (done)
		done = add(&a, "rd.shell", "0") && add(&a, "rd.emergency", "reboot");
	if (done && wanted->on_lockups)
		done = add(&a, "softlockup_panic", "1") && add(&a, "nmi_watchdog", "panic") &&
			add(&a, "hung_task_panic", "1");
	if (done && wanted->open_timeout)
		done = add(&a, "watchdog.open_timeout", decimal(arena, wanted->open_timeout));
	if (!done)
		return NULL;
	/* Of this trial alone, whatever the line has. */
	a.parameters[a.count] = arena_printf(arena, TRIAL_PARAMETER "=%s", wanted->id);
	if (!a.parameters[a.count])
		return NULL;
	return marked_parameters_add(line, a.parameters, a.count + 1, arena);
}

/* init(8), systemd(1), dracut.cmdline(7), initramfs-tools(7), live-boot(7); what ends with '=' has a value. */
static bool is_unusual(struct view word)
{
	static const char *const whole[] = { "single", "s", "S", "1", "-b", "emergency", "rescue",
		"recovery", "rd.break", "break", "systemd.volatile" };
	static const char *const begun[] = { "systemd.unit=", "rd.break=", "break=", "init=",
		"rdinit=", "systemd.volatile=", "overlayroot=", "boot=" };

	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (text_is(word, whole[i]))
			return true;
	for (size_t i = 0; i < sizeof begun / sizeof *begun; i++)
		if (view_has_at(word, 0, begun[i]))
			return true;
	return false;
}

const char *come_back_unusual(const char *line, const char *running, struct arena *arena)
{
	/* Of systems whose versions are told apart by it. */
	const bool has_init = command_line_value(running, "init", arena) != NULL;
	struct view rest = view_of_string(line), word;

	while (text_word(&rest, &word)) {
		const char *s = is_unusual(word) ? arena_string(arena, word) : NULL;

		if (has_init && view_has_at(word, 0, "init="))
			continue;

		if (is_unusual(word) && (!s || !text_has_word(view_of_string(running), s)))
			return s ? s : "";
	}
	return NULL;
}

bool come_back_is_same_root(const char *line, const char *running, struct arena *arena)
{
	static const char *const names[] = { "root", "rootflags", "nfsroot", "zfs", "cryptroot" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *next = command_line_value(line, names[i], arena);
		const char *now = command_line_value(running, names[i], arena);

		if (strcmp(next ? next : "", now ? now : "") != 0)
			return false;
	}
	return true;
}
