/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/keyrings.h"

#include <linux/keyctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KEYS_MAX = 4096, NAME_MAX_SHOWN = 63 };

/* The numbers of what is in it, behind text; NULL when it cannot be read. */
static char *append_keys(struct arena *arena, char *text, int32_t ring)
{
	int32_t keys[KEYS_MAX];
	long size = syscall(SYS_keyctl, KEYCTL_READ, ring, keys, sizeof keys, 0);

	if (size < 0 || (size_t)size > sizeof keys)
		return NULL;
	for (size_t i = 0; text && i < (size_t)size / sizeof keys[0]; i++)
		text = arena_printf(arena, "%s %08x", text, (unsigned)keys[i]);
	return text ? arena_printf(arena, "%s\n", text) : NULL;
}

/* "ID FLAGS USAGE EXPIRES PERMISSIONS UID GID keyring NAME: COUNT" */
static bool is_ring(const char *line, int32_t *ret_id, char name[static NAME_MAX_SHOWN + 1])
{
	unsigned id;

	if (sscanf(line, "%x %*s %*s %*s %*s %*s %*s keyring %63[^: ]", &id, name) != 2 ||
		name[0] != '.')
		return false;
	*ret_id = (int32_t)id;
	return true;
}

static char *read_rings(FILE *list, struct arena *arena)
{
	char *line = NULL, name[NAME_MAX_SHOWN + 1], *text = arena_printf(arena, "%s", "");
	size_t room = 0;
	int32_t id;

	while (text && getline(&line, &room, list) > 0)
		if (is_ring(line, &id, name)) {
			text = arena_printf(arena, "%s%s", text, name);
			text = text ? append_keys(arena, text, id) : NULL;
		}
	free(line);
	return text;
}

char *keyrings_text(struct arena *arena)
{
	FILE *list = fopen("/proc/keys", "re");
	char *text = list ? read_rings(list, arena) : NULL;

	if (list)
		fclose(list);
	return text;
}
