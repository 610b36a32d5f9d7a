/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For a build without libblkid. */
#include "sys/partitions.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void partitions_find(const char *disk, unsigned ret[static PARTITION_USES])
{
	(void)disk;
	for (unsigned i = 0; i < PARTITION_USES; i++)
		ret[i] = 0;
}

/* By udev's links. */
static const struct {
	const char *tag, *folder;
} links[] = {
	{ "UUID=", "by-uuid" },
	{ "LABEL=", "by-label" },
	{ "PARTUUID=", "by-partuuid" },
	{ "PARTLABEL=", "by-partlabel" },
};

bool partitions_device(const char *tag, size_t room, char *ret)
{
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		size_t known = strlen(links[i].tag);
		int n;

		if (strncmp(tag, links[i].tag, known) != 0)
			continue;
		n = snprintf(ret, room, "/dev/disk/%s/%s", links[i].folder, tag + known);
		return n > 0 && (size_t)n < room && access(ret, F_OK) == 0;
	}
	return false;
}
