/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/confirmer.h"

#include <string.h>

#include "entry/ground/places.h"
#include "machine/text.h"
#include "machine/unit.h"
#include "service/trial.h"

#define UNIT CONFIRMER ".service"

static bool is_there(const struct source *source, const char *path, struct arena *arena)
{
	struct view text;

	return path && source_read(source, path, arena, &text) && text.n > 0;
}

static const char *by_systemd(const struct source *source, struct arena *arena)
{
	if (unit_look(source, UNIT, arena) == UNIT_MASKED)
		return CONFIRMER ".service is masked";
	return unit_is_wanted(source, UNIT, "multi-user.target", arena) ? NULL
									: CONFIRMER
		".service is not enabled";
}

static const char *by_openrc(const struct source *source, struct arena *arena)
{
	return is_there(source, "etc/runlevels/default/" CONFIRMER, arena) ? NULL
									   : CONFIRMER
		" is not in the runlevel default (rc-update add " CONFIRMER " default)";
}

/* A link S05saut-confirm in the runlevels that Debian boots into. */
static const char *by_sysvinit(const struct source *source, struct arena *arena)
{
	const char *const *names;

	if (source_list(source, "etc/rc2.d", arena, &names))
		for (size_t i = 0; names[i]; i++)
			if (names[i][0] == 'S' && strlen(names[i]) > 3 &&
				strcmp(names[i] + 3, CONFIRMER) == 0)
				return NULL;
	return CONFIRMER " is in no runlevel (update-rc.d " CONFIRMER " defaults)";
}

/* The folder that runsvdir(8) watches, and a link in it. */
static const char *by_runit(const struct source *source, struct arena *arena)
{
	return is_there(source, "var/service/" CONFIRMER "/run", arena) ? NULL
									: CONFIRMER
		" is not in /var/service (a link to /etc/sv/" CONFIRMER ")";
}

/* What is in memory alone, or may be laid over something in memory, is not there after the jump. */
static const char *not_kept(const struct source *source, struct arena *arena)
{
	static const char *const types[] = { "tmpfs", "ramfs", "rootfs", "overlay", "aufs" };
	const struct place *place;
	struct places places;

	if (!places_read(source, arena, &places))
		return "out of memory";
	place = places_of(&places, TRIAL_FILE);
	for (size_t i = 0; place && i < sizeof types / sizeof *types; i++)
		if (strcmp(place->type, types[i]) == 0)
			return arena_printf(arena,
				"/var/lib/saut is on a file system of the type %s, and may not "
				"be kept over the jump",
				place->type);
	return NULL;
}

static const char *by_init(const struct source *source, enum init init, struct arena *arena)
{
	switch (init) {
	case INIT_SYSTEMD:
		return by_systemd(source, arena);
	case INIT_OPENRC:
	case INIT_OPENRC_INIT:
		return by_openrc(source, arena);
	case INIT_SYSVINIT:
		return by_sysvinit(source, arena);
	case INIT_RUNIT:
		return by_runit(source, arena);
	case INIT_UNKNOWN:
		break;
	}
	return "there is no service for this init that would confirm a boot";
}

const char *confirmer_obstacle(const struct source *source, enum init init, struct arena *arena)
{
	const char *why = not_kept(source, arena);

	return why ? why : by_init(source, init, arena);
}
