/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's names of files, (DEVICE)/PATH, as paths of the running system. */
#include <string.h>

#include "entry/grub/grub.h"

/* The name of the device, and in *path what is on it. */
const char *grub_device(struct grub *g, const char *name, const char **path)
{
	const char *device = grub_get(g, "root");
	const char *end = strchr(name, ')');

	*path = name;
	if (name[0] == '(' && end) {
		device = arena_string(g->f->arena,
			(struct view){ (const uint8_t *)name + 1, (size_t)(end - name - 1) });
		*path = end + 1;
	} else if (device[0] == '(' && device[strlen(device) - 1] == ')') {
		device = arena_string(g->f->arena,
			(struct view){ (const uint8_t *)device + 1, strlen(device) - 2 });
	}
	return device ? device : "";
}

/* NULL with an obstacle: that file system is not mounted. */
static const struct place *place_of(
	struct grub *g, struct entry *entry, const char *uuid, const char *label)
{
	const struct place *place = places_find(&g->f->places, uuid, label);
	const struct fstab_line *line = places_in_fstab(&g->f->places, uuid, label);
	const char *name = uuid ? uuid : label;

	if (place)
		return place;
	if (line && g->f->places.count)
		finder_obstacle(g->f, entry,
			"its file system %s is not mounted: /etc/fstab, line %u, has it for %s "
			"(mount %s)",
			name, line->line, line->point, line->point);
	else if (g->f->places.has_uuids)
		finder_obstacle(g->f, entry, "its file system %s is not mounted", name);
	else
		finder_remark(g->f, entry,
			"nothing tells which file system is %s; that of %s was taken", name,
			g->folder);
	return g->place;
}

const char *grub_locate(struct grub *g, struct entry *entry, const char *what, const char *name)
{
	const struct place *place = g->place;
	const char *path, *device = grub_device(g, name, &path), *text;
	bool was_refused = entry->obstacle;

	if (!finder_text(g->f, entry, what, view_of_string(path), &text))
		return NULL;
	if (strcmp(device, GRUB_SYSTEM) == 0)
		return finder_exists(g->f, text) ? text : NULL;
	if (strncmp(device, "uuid/", 5) == 0)
		place = place_of(g, entry, device + 5, NULL);
	else if (strncmp(device, "label/", 6) == 0)
		place = place_of(g, entry, NULL, device + 6);
	else if (device[0])
		finder_remark(g->f, entry, "(%s) was taken to be the file system of %s", device,
			g->folder);
	if (entry->obstacle && !was_refused)
		return NULL;
	return finder_locate(g->f, entry, place, "/boot", what, text);
}
