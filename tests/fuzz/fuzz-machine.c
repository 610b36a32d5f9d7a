/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Feeds every parser of a Machine at once: the input is an archive. Whatever its files say, the
 * ranges that come out must be what range.h promises of normalised ones.
 */
#include <stdlib.h>

#include "machine/archive.h"
#include "machine/machine.h"

static void check(const struct ranges *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].size == 0 || range_end(set->items[i]) < set->items[i].start ||
			(i && set->items[i].start <= range_end(set->items[i - 1])))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct archive archive;
	struct machine m;
	bool parsed = archive_parse((struct view){ data, size }, &arena, &archive, &err);

	if (parsed && machine_capture(&archive.source, &arena, &m, &err)) {
		check(&m.ram);
		check(&m.reserved);
		for (size_t i = 0; i < m.reserved.count; i++)
			if (!ranges_contain(&m.ram, m.reserved.items[i]))
				abort();
	} else if (!err.reason[0]) {
		abort();
	}
	if (parsed)
		(void)machine_kexec_ability(&archive.source, &arena);
	arena_free(&arena);
	return 0;
}
