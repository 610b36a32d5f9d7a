/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In this order: the boot loader's entry that was asked for, a kernel that was named, names, default. */
#include "service/choose.h"

#include <string.h>

/* "KNAME (/etc/kexec.conf, line 3)": for errors, and for status. */
static const char *where(
	const struct service_settings *settings, const char *name, struct arena *arena)
{
	const struct assignment *a = assignments_find(&settings->all, name);
	const char *text = name;

	if (a && a->line)
		text = arena_printf(arena, "%s (%s, line %u)", name, a->file, a->line);
	else if (a)
		text = arena_printf(arena, "%s (%s)", name, a->file);
	return text ? text : name;
}

static struct entry_wish wish_of(const char *name)
{
	static const struct {
		const char *name;
		enum entry_wanted_by by;
	} words[] = {
		{ "default", ENTRY_BY_DEFAULT },
		{ "running", ENTRY_BY_RUNNING },
		{ "newest", ENTRY_BY_NEWEST },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].name, name) == 0)
			return (struct entry_wish){ words[i].by, NULL };
	return (struct entry_wish){ ENTRY_BY_NAME, name };
}

/* "bzimage" is what Gentoo's file of settings comes with, whatever a kernel is called there. */
static bool by_name(const struct source *source, const struct service_settings *s,
	struct notes *notes, struct arena *arena, struct service_choice *ret, struct error *err)
{
	struct name_wish wish = {
		.boot = s->boot,
		.image = s->image,
		.is_default = strcmp(s->image_by, "KNAME") == 0 && strcmp(s->image, "bzimage") == 0,
		.image_by = where(s, s->image_by, arena),
		.initrd = s->initrd,
		.initrd_by = where(s, "INITRD", arena),
		.has_no_initrd = s->has_no_initrd,
	};

	if (!entry_by_name(source, &wish, notes, arena, &ret->named, err))
		return false;
	ret->why = ret->named.is_named ? wish.image_by
		: ret->named.is_newest ? "the newest version in a file's name"
				       : "a usual name";
	return true;
}

bool service_choose(const struct source *source, const struct service_settings *settings,
	struct notes *notes, struct arena *arena, struct service_choice *ret, struct error *err)
{
	bool by_entry = settings->by_boot_loader || settings->entry[0];
	struct service_choice choice = { 0 };

	if (by_entry) {
		choice.wish = wish_of(settings->by_boot_loader ? "default" : settings->entry);
		choice.why = where(
			settings, settings->by_boot_loader ? "USE_GRUB_CONFIG" : "ENTRY", arena);
	} else if (settings->image[0] || service_looks_for_names(settings->style)) {
		if (!by_name(source, settings, notes, arena, &choice, err))
			return false;
	}
	if (!by_entry && !choice.named.kernel)
		choice.why = "the boot loader's default";
	*ret = choice;
	return true;
}
