/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads names and compares them; knows of no driver and no machine. */
#include "machine/hardware.h"

#include "machine/text.h"

static const char *const buses[] = { "pci", "vmbus" };

static enum answer answer_of(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

/* Adds the driver of a device, if it has one. False: it cannot be told, or memory is out. */
static bool add_driver(
	const struct hardware *h, const char *path, const char ***names, size_t *count)
{
	struct view text, value;
	struct error ignored;
	const char **grown, *name;

	if (!path || !source_take(h->source, path, h->arena, &text, &ignored))
		return false;
	if (!text.p || !text_value(text, "DRIVER", '=', &value))
		return true;
	name = arena_string(h->arena, value);
	grown = arena_grow(h->arena, *names, *count, sizeof *grown);
	if (!name || !grown)
		return false;
	grown[(*count)++] = name;
	*names = grown;
	return true;
}

static bool add_bus(const struct hardware *h, const char *bus, const char ***names, size_t *count)
{
	const char *path = arena_printf(h->arena, "sys/bus/%s/devices", bus);
	const char *const *devices;
	struct error ignored;

	if (!path || !source_take_names(h->source, path, h->arena, &devices, &ignored))
		return false;
	for (; devices && *devices; devices++)
		if (!add_driver(h,
			    arena_printf(h->arena, "sys/bus/%s/devices/%s/uevent", bus, *devices),
			    names, count))
			return false;
	return true;
}

static const char *const *read_drivers(const struct hardware *h)
{
	const char **names = NULL, **all;
	size_t count = 0;

	for (size_t i = 0; i < sizeof buses / sizeof *buses; i++)
		if (!add_bus(h, buses[i], &names, &count))
			return NULL;
	all = arena_alloc_array(h->arena, count + 1, sizeof *all);
	for (size_t i = 0; all && i < count; i++)
		all[i] = names[i];
	return all;
}

/* Every kernel has it; a container that hides /sys and a capture of long ago do not. */
static bool has_buses(const struct source *source, struct arena *arena)
{
	const char *const *names;

	return source_list(source, "sys/bus", arena, &names) && *names;
}

struct hardware hardware_read(const struct source *source, struct arena *arena)
{
	struct hardware h = { .source = source, .arena = arena };
	struct error ignored;
	struct view fdt;

	h.is_hidden = !has_buses(source, arena);
	h.drivers = h.is_hidden ? NULL : read_drivers(&h);
	h.modules_unknown = !source_take(source, "proc/modules", arena, &h.modules, &ignored) ||
		(!h.modules.p && h.is_hidden);
	if (!source_read(source, "proc/cpuinfo", arena, &h.cpuinfo))
		h.cpuinfo = (struct view){ 0 };
	h.tree_unknown = !source_take(source, "sys/firmware/fdt", arena, &fdt, &ignored);
	if (!h.tree_unknown && fdt.n) {
		h.has_tree = flat_tree_open(fdt, arena, &h.tree, &ignored);
		h.tree_unknown = !h.has_tree;
	}
	return h;
}

static bool is_same(struct view a, const char *b, struct arena *arena)
{
	const char *s = arena_string(arena, a);

	return s && text_is(view_of_string(b), s);
}

enum answer hardware_has_driver(const struct hardware *hardware, struct view name)
{
	if (!hardware->drivers)
		return ANSWER_UNKNOWN;
	for (const char *const *driver = hardware->drivers; *driver; driver++)
		if (is_same(name, *driver, hardware->arena))
			return ANSWER_YES;
	return ANSWER_NO;
}

enum answer hardware_has_module(const struct hardware *hardware, struct view name)
{
	const char *wanted = arena_string(hardware->arena, name);
	struct view text = hardware->modules, line, word;

	if (hardware->modules_unknown || !wanted)
		return ANSWER_UNKNOWN;
	while (text_line(&text, &line))
		if (text_word(&line, &word) && text_is(word, wanted))
			return ANSWER_YES;
	return ANSWER_NO;
}

enum answer hardware_dmi_is(const struct hardware *hardware, struct view field, struct view text)
{
	const char *path = arena_printf(
		hardware->arena, "sys/class/dmi/id/%.*s", (int)field.n, (const char *)field.p);
	const char *wanted = arena_string(hardware->arena, text);
	struct error ignored;
	struct view value;

	if (!path || !wanted ||
		!source_take(hardware->source, path, hardware->arena, &value, &ignored))
		return ANSWER_UNKNOWN;
	if (!value.p && hardware->is_hidden)
		return ANSWER_UNKNOWN;
	return answer_of(value.p && text_is(text_trim(value), wanted));
}

enum answer hardware_cpu_is(const struct hardware *hardware, const char *key, struct view value)
{
	const char *wanted = arena_string(hardware->arena, value);
	struct view found;

	if (!hardware->cpuinfo.n || !wanted)
		return ANSWER_UNKNOWN;
	return answer_of(text_value(hardware->cpuinfo, key, ':', &found) && text_is(found, wanted));
}

enum answer hardware_cpu_has(const struct hardware *hardware, struct view flag)
{
	const char *wanted = arena_string(hardware->arena, flag);
	struct view flags;

	if (!hardware->cpuinfo.n || !wanted)
		return ANSWER_UNKNOWN;
	return answer_of(text_value(hardware->cpuinfo, "flags", ':', &flags) &&
		text_has_word(flags, wanted));
}

enum answer hardware_tree_has(const struct hardware *hardware, struct view compatible)
{
	const char *wanted = arena_string(hardware->arena, compatible);

	if (hardware->tree_unknown || !wanted)
		return ANSWER_UNKNOWN;
	return answer_of(hardware->has_tree && flat_tree_has_device(&hardware->tree, wanted));
}
