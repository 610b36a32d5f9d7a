/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/amount.h"

const char *amount_text(uint64_t bytes, struct arena *arena)
{
	double value = (double)bytes / 1024;
	unsigned unit = 0;

	if (bytes < 1024)
		return arena_printf(arena, "%llu bytes", (unsigned long long)bytes);
	for (; value >= 1023.95 && unit < 3; unit++)
		value /= 1024;
	switch (unit) {
	case 0:
		return arena_printf(arena, "%.1f KiB", value);
	case 1:
		return arena_printf(arena, "%.1f MiB", value);
	case 2:
		return arena_printf(arena, "%.1f GiB", value);
	}
	return arena_printf(arena, "%.1f TiB", value);
}
