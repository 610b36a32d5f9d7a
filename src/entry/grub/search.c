/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands that look for file systems, and ask what they are. A device that was found is kept by what it
 * was searched for: the name that GRUB has for it is known to GRUB only.
 */
#include <string.h>

#include "entry/grub/grub.h"

static void set_doubtful(struct grub *g, const char *variable, const char *doubt)
{
	if (variable)
		grub_assign(g, variable, (struct grub_value){ "", doubt });
	grub_wonder(g, doubt);
}

/* What is not mounted may be there all the same, and what is not there leaves the variable alone. */
static void search(struct grub *g, const char *variable, bool by_label, const char *name)
{
	const struct place *place =
		places_find(&g->f->places, by_label ? NULL : name, by_label ? name : NULL);
	const char *device = arena_printf(g->f->arena, "%c%s/%s%c", GRUB_DEVICE_OPEN,
		by_label ? "label" : "uuid", name, GRUB_DEVICE_CLOSE);

	g->is_out_of_memory |= !device;
	if (!device)
		return;
	if (variable)
		grub_set(g, variable, device);
	if (place)
		grub_succeed(g);
	else
		grub_wonder(g,
			grub_reason(g, "whether there is a file system %.80s is not known", name));
}

enum { BY_FILE, BY_LABEL, BY_UUID, SET };

static void search_by(
	struct grub *g, const struct grub_option *by, const char *variable, const char *name)
{
	if (grub_names_device(name) || (!by[BY_LABEL].is_set && !by[BY_UUID].is_set))
		set_doubtful(g, variable,
			grub_reason(g, "which device \"search\" finds is only known to GRUB"));
	else
		search(g, variable, by[BY_LABEL].is_set, name);
}

void grub_run_search(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_option options[] = { { .name = "file", .letter = 'f' },
		{ .name = "label", .letter = 'l' }, { .name = "fs-uuid", .letter = 'u' },
		{ .name = "set", .letter = 's', .kind = GRUB_MAY_HAVE_VALUE },
		{ .name = "no-floppy", .letter = 'n' }, { .name = "efidisk-only" },
		{ .name = "cryptodisk-only" }, { .name = "root-dev-only", .letter = 'r' },
		{ .name = "hint", .letter = 'h', .kind = GRUB_VALUE },
		{ .name = "hint-ieee1275", .kind = GRUB_VALUE },
		{ .name = "hint-bios", .kind = GRUB_VALUE },
		{ .name = "hint-baremetal", .kind = GRUB_VALUE },
		{ .name = "hint-efi", .kind = GRUB_VALUE },
		{ .name = "hint-arc", .kind = GRUB_VALUE }, { .name = NULL } };
	struct grub_arguments words = grub_arguments_from(a, 1), names;
	const char *doubt = grub_arguments_doubt(a, 1), *variable = NULL;

	(void)node;
	if (doubt) {
		grub_lose(g, doubt);
		return;
	}
	if (!grub_take_options(g, &words, options, true, &names)) {
		grub_fail(g, -1);
		return;
	}
	while (names.count && strncmp(names.items[0].text, "--hint-", 7) == 0)
		names = grub_arguments_from(&names, 1);
	if (options[SET].is_set)
		variable = options[SET].value ? options[SET].value : "root";
	if (names.count && names.items[0].text[0] == '-')
		set_doubtful(g, variable, grub_reason(g, "\"search\" has an unknown option"));
	else if (names.count)
		search_by(g, options, variable, names.items[0].text);
	else if (options[SET].value)
		search_by(g, options, "root", options[SET].value);
	else
		grub_fail(g, -1);
}

/* search.fs_uuid NAME VARIABLE HINT... */
void grub_run_search_short(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *command = a->items[0].text, *doubt = grub_arguments_doubt(a, 1);
	struct grub_option by[] = { [BY_FILE] = { .name = "search.file" },
		[BY_LABEL] = { .name = "search.fs_label" },
		[BY_UUID] = { .name = "search.fs_uuid" } };

	(void)node;
	for (size_t i = 0; i < sizeof by / sizeof *by; i++)
		by[i].is_set = strcmp(command, by[i].name) == 0;
	if (doubt)
		grub_lose(g, doubt);
	else if (a->count > 1)
		search_by(g, by, a->count > 2 ? a->items[2].text : NULL, a->items[1].text);
	else
		grub_fail(g, -1);
}

/* A device is named with or without its parentheses. */
static const struct place *probed(struct grub *g, const char *name)
{
	struct entry unsure = { 0 };
	const struct place *place;
	size_t n = strlen(name);
	bool is_system;

	if (name[0] == '(' && name[n - 1] == ')')
		name = arena_string(g->f->arena, (struct view){ (const uint8_t *)name + 1, n - 2 });
	if (!name || !grub_place_of(g, &unsure, name, &place, &is_system) || unsure.remark ||
		is_system)
		return NULL;
	return place;
}

void grub_run_probe(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_option options[] = { { .name = "set", .letter = 's', .kind = GRUB_VALUE },
		{ .name = "fs-uuid", .letter = 'u' }, { .name = "label", .letter = 'l' },
		{ .name = "driver", .letter = 'd' }, { .name = "partmap", .letter = 'p' },
		{ .name = "fs", .letter = 'f' }, { .name = "part-uuid" }, { .name = NULL } };
	struct grub_arguments words = grub_arguments_from(a, 1), names;
	const char *doubt = grub_arguments_doubt(a, 1), *text = "";
	const struct place *place = NULL;

	(void)node;
	if (doubt) {
		grub_lose(g, doubt);
		return;
	}
	if (!grub_take_options(g, &words, options, false, &names) || names.count == 0) {
		grub_fail(g, -1);
		return;
	}
	if (!options[3].is_set && !options[4].is_set && !options[5].is_set && !options[6].is_set)
		place = probed(g, names.items[0].text);
	if (place)
		text = options[1].is_set ? place->uuid : place->label;
	if (!text[0] || options[1].is_set == options[2].is_set) {
		set_doubtful(g, options[0].value,
			grub_reason(g, "what \"probe\" tells is only known to GRUB"));
		return;
	}
	if (options[0].value)
		grub_set(g, options[0].value, text);
	grub_succeed(g);
}
