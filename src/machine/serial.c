/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serial ports at I/O ports, by /sys/class/tty/ttySN/port (Documentation/ABI/testing/sysfs-tty). */
#include "machine/facts.h"

enum { SERIAL_PORTS = 4 };

/* The driver registers four ports at the usual addresses; those without hardware have type 0. */
static bool is_there(const struct source *source, struct arena *arena, unsigned index)
{
	return !text_is(fact_text(source, arena,
		arena_printf(arena, "sys/class/tty/ttyS%u/type", index)), "0");
}

size_t serial_capture(const struct source *source, struct arena *arena,
	struct serial_facts ret[static 4])
{
	size_t count = 0;

	for (unsigned i = 0; i < SERIAL_PORTS; i++) {
		const char *path = arena_printf(arena, "sys/class/tty/ttyS%u/port", i);
		uint64_t port;

		if (fact_hex(source, arena, path, &port) && port != 0 && port <= UINT16_MAX &&
			is_there(source, arena, i))
			ret[count++] = (struct serial_facts){ i, (uint16_t)port };
	}
	return count;
}
