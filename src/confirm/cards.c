/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux, Documentation/ABI/testing/sysfs-class-net: "device" of what is no device of software alone,
 * "lower_NAME" of what lies below one that is stacked; net/ipv4/arp.c: the columns of /proc/net/arp.
 */
#include "confirm/cards.h"

#include <string.h>

#include "machine/text.h"

/* A VLAN over a bridge over a bond over a card. */
enum { DEPTH_MAX = 4 };

enum { ARP_COMPLETE = 2, ARP_PERMANENT = 4 };

static bool has_folder(
	const struct source *source, const char *device, const char *name, struct arena *arena)
{
	const char *path = arena_printf(arena, "sys/class/net/%s/%s", device, name);
	const char *const *ignored;

	return path && source_list(source, path, arena, &ignored);
}

static bool is_by_usb(const struct source *source, const char *device, struct arena *arena)
{
	const char *path = arena_printf(arena, "sys/class/net/%s/device/subsystem", device);
	const char *link, *name;
	struct error ignored;

	if (!path || !source->link ||
		source->link(source, path, arena, &link, &ignored) != IS_THERE)
		return false;
	name = strrchr(link, '/');
	return strcmp(name ? name + 1 : link, "usb") == 0;
}

static bool is_cabled(const struct source *source, const char *device, struct arena *arena)
{
	return !has_folder(source, device, "wireless", arena) &&
		!has_folder(source, device, "phy80211", arena) && !is_by_usb(source, device, arena);
}

/* cabled: only those are meant. */
struct wanted {
	const struct source *source;
	struct arena *arena;
	bool cabled;
};

static bool is_over_card(const struct wanted *w, const char *device, unsigned depth)
{
	const char *path = arena_printf(w->arena, "sys/class/net/%s", device);
	const char *const *names;

	if (has_folder(w->source, device, "device", w->arena))
		return !w->cabled || is_cabled(w->source, device, w->arena);
	if (depth == DEPTH_MAX || !path || !source_list(w->source, path, w->arena, &names))
		return false;
	for (size_t i = 0; names[i]; i++)
		if (strncmp(names[i], "lower_", 6) == 0 && is_over_card(w, names[i] + 6, depth + 1))
			return true;
	return false;
}

bool card_is_cabled(const struct source *source, const char *device, struct arena *arena)
{
	const struct wanted w = { source, arena, .cabled = true };

	return is_over_card(&w, device, 0);
}

/* IP address, HW type, Flags, HW address, Mask, Device */
static bool has_answered(const struct wanted *w, struct view row)
{
	enum { FLAGS = 2, DEVICE = 5, COLUMNS };
	struct view c[COLUMNS];
	const char *device;
	uint64_t flags;

	for (size_t i = 0; i < COLUMNS; i++)
		if (!text_word(&row, &c[i]))
			return false;
	if (!text_hex(c[FLAGS], &flags) || !(flags & ARP_COMPLETE) || (flags & ARP_PERMANENT))
		return false;
	device = arena_string(w->arena, c[DEVICE]);
	return device && is_over_card(w, device, 0);
}

bool cards_have_neighbour(const struct source *source, struct arena *arena)
{
	const struct wanted w = { source, arena, .cabled = false };
	struct view text, row;

	if (!source_read(source, "proc/net/arp", arena, &text))
		return false;
	while (text_line(&text, &row))
		if (has_answered(&w, row))
			return true;
	return false;
}
