/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/partitions.h"

#include <blkid/blkid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types by the kind of the table: a GPT has types of 16 bytes, an MBR of one. */
static const struct {
	const char *gpt;
	int mbr;
} types[] = {
	[PARTITION_XBOOTLDR] = { "bc13c2ff-59e6-4262-a352-b275fd6f7172", 0xea },
	[PARTITION_ESP] = { "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", 0xef },
};

static bool is_for(blkid_partition partition, bool is_gpt, enum partition_use use)
{
	const char *type = blkid_partition_get_type_string(partition);

	return is_gpt ? type && strcasecmp(type, types[use].gpt) == 0
		      : blkid_partition_get_type(partition) == types[use].mbr;
}

static void find_in(blkid_partlist list, unsigned ret[static PARTITION_USES])
{
	blkid_parttable table = blkid_partlist_get_table(list);
	const char *kind = table ? blkid_parttable_get_type(table) : NULL;
	bool is_gpt = kind && strcmp(kind, "gpt") == 0;

	if (!is_gpt && (!kind || strcmp(kind, "dos") != 0))
		return;
	for (int i = 0; i < blkid_partlist_numof_partitions(list); i++) {
		blkid_partition partition = blkid_partlist_get_partition(list, i);
		int number = blkid_partition_get_partno(partition);

		for (unsigned use = 0; number > 0 && use < PARTITION_USES; use++)
			if (!ret[use] && is_for(partition, is_gpt, (enum partition_use)use))
				ret[use] = (unsigned)number;
	}
}

void partitions_find(const char *disk, unsigned ret[static PARTITION_USES])
{
	blkid_probe probe = blkid_new_probe_from_filename(disk);
	blkid_partlist list;

	memset(ret, 0, PARTITION_USES * sizeof *ret);
	if (!probe)
		return;
	if (blkid_probe_enable_superblocks(probe, 0) == 0 &&
		blkid_probe_enable_partitions(probe, 1) == 0) {
		list = blkid_probe_get_partitions(probe);
		if (list)
			find_in(list, ret);
	}
	blkid_free_probe(probe);
}

bool partitions_device(const char *tag, size_t room, char *ret)
{
	char *path = blkid_evaluate_spec(tag, NULL);
	int n = path ? snprintf(ret, room, "%s", path) : -1;

	free(path);
	return n > 0 && (size_t)n < room;
}
