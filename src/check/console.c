/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is seen after the jump. A GPU's driver leaves a screen that the next kernel cannot draw on until
 * its own driver for it is loaded; what the firmware set up, it can. Only the command line is asked for
 * another console.
 */
#include "check/rows.h"

#include <string.h>

#include "check/unknown.h"
#include "machine/modules.h"
#include "machine/text.h"
#include "plan/parameters.h"

static const char source[] = "https://github.com/linuxboot/heads/pull/1436";

/* tty0, tty1 and so on are on the screen; null and netcon are not there to be read. */
static bool is_on_screen(const char *value)
{
	return strncmp(value, "tty", 3) == 0 &&
		((value[3] >= '0' && value[3] <= '9') || (unsigned char)value[3] <= ' ');
}

/* The value of the first console= that is not the screen; NULL: there is none. */
static const char *other_console(const struct check_subject *subject)
{
	const char *line = subject->command_line, *value;

	while (parameters_next(&line, "console=", &value))
		if (!is_on_screen(value) && strncmp(value, "null", 4) != 0)
			return arena_string(subject->arena,
				view_first(view_of_string(value), (uint64_t)(line - value)));
	return NULL;
}

/* The driver of the first card of DRM; "" where it is not told. */
static const char *card_driver(const struct check_subject *subject)
{
	const char *const *names;
	const char *path, *driver;
	struct view text, value;

	if (!source_list(subject->source, "sys/class/drm", subject->arena, &names))
		return "";
	for (; *names; names++) {
		if (strncmp(*names, "card", 4) != 0 || strchr(*names, '-'))
			continue;
		path = arena_printf(subject->arena, "sys/class/drm/%s/device/uevent", *names);
		if (!path || !source_read(subject->source, path, subject->arena, &text) ||
			!text_value(text, "DRIVER", '=', &value))
			continue;
		driver = arena_string(subject->arena, value);
		return driver ? driver : "";
	}
	return "";
}

/* Whether the next kernel's lists of modules, which are there, do not name it. */
static bool is_missing_next(const struct check_subject *subject, const char *driver)
{
	struct kernel_modules modules;
	struct error ignored;

	return *driver && *subject->release &&
		kernel_modules_read(
			subject->source, subject->release, subject->arena, &modules, &ignored) &&
		modules.folder && kernel_modules_find(&modules, driver).place == MODULE_ABSENT;
}

/* A driver draws on the screen now. */
static struct check_finding when_taken(
	const struct check_subject *subject, const char *driver, const char *shown)
{
	const char *other = other_console(subject);

	if (parameters_have(subject->command_line, "nomodeset"))
		return check_advise(
			check_finds(subject, other ? CHECK_NOTE : CHECK_WARN,
				"%s draws on the screen now, and with nomodeset no driver of the "
				"next kernel will: it stays black%s%s",
				shown, other ? "; it is heard on " : "", other ? other : ""),
			"leave nomodeset out, or have a serial console= on the next command line",
			source);
	if (!other && is_missing_next(subject, driver))
		return check_advise(
			check_finds(subject, CHECK_WARN,
				"%s draws on the screen now, and the modules of %s have no driver "
				"of that name: it may stay black",
				shown, subject->release),
			"install the driver for that kernel, or have a serial console= on the next "
			"command line",
			source);
	if (other)
		return check_finds(subject, CHECK_PASS,
			"%s draws on the screen, which is black until the next kernel loads its "
			"driver; it is heard on %s before",
			shown, other);
	return check_advise(
		check_finds(subject, CHECK_NOTE,
			"%s draws on the screen, which is black until the next kernel loads its "
			"driver, and no other console is named",
			shown),
		"a passphrase that the initrd asks for is typed blind unless the driver is in it; "
		"a serial console= on the next command line shows what happens before",
		source);
}

struct check_finding check_console(const struct check_subject *subject)
{
	const struct machine *machine = subject->machine;
	const char *driver, *shown;

	if (!machine)
		return check_without_machine(subject);
	if (!subject->command_line)
		return check_without_line(subject);
	switch (machine->framebuffer.owner) {
	case FRAMEBUFFER_NONE:
		return check_finds(subject, CHECK_PASS, "no driver has taken the screen over");
	case FRAMEBUFFER_FIRMWARE:
		return check_finds(subject, CHECK_PASS,
			"the screen is as the firmware set it up (%s), and the next kernel draws on it",
			machine->framebuffer.driver);
	case FRAMEBUFFER_DRIVER:
		break;
	}
	driver = card_driver(subject);
	shown = *driver ? driver : machine->framebuffer.driver;
	return when_taken(subject, driver, *shown ? shown : "a driver that is not known");
}
