/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Serial ports by /sys/class/tty (Documentation/ABI/testing/sysfs-tty): at I/O ports, which x86 has,
 * or with registers in memory.
 */
#include "machine/facts.h"

enum { SERIAL_PORTS = 4 };

/* The driver registers four ports at the usual addresses; those without hardware have type 0. */
static bool is_there(const struct source *source, struct arena *arena, unsigned index)
{
	return !text_is(
		fact_text(source, arena, arena_printf(arena, "sys/class/tty/ttyS%u/type", index)),
		"0");
}

size_t serial_capture(
	const struct source *source, struct arena *arena, struct serial_facts ret[static 4])
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

/* Numbers of include/uapi/linux/serial_core.h and include/linux/serial_core.h. */
enum {
	PORT_AMBA = 32,
	UPIO_MEM = 2,
	UPIO_MEM32 = 3,
	UPIO_MEM16 = 7,
	SHIFT_MAX = 8,
};

static const struct {
	const char *name; /* before the number */
	enum serial_kind kind;
} drivers[] = {
	{ "ttyAMA", SERIAL_PL011 },
	{ "ttyS", SERIAL_8250 },
};

/* Bytes of an access to a register; 0 for no memory. */
static uint8_t width_of(uint64_t io_type)
{
	switch (io_type) {
	case UPIO_MEM:
		return 1;
	case UPIO_MEM16:
		return 2;
	case UPIO_MEM32:
		return 4;
	default:
		return 0;
	}
}

static bool mmio_port(
	const struct source *source, struct arena *arena, const char *name, struct mmio_serial *ret)
{
	const char *folder = arena_printf(arena, "sys/class/tty/%s", name);
	uint64_t address, shift, io_type, type;

	if (!folder ||
		!fact_hex(source, arena, arena_printf(arena, "%s/iomem_base", folder), &address) ||
		!fact_decimal(
			source, arena, arena_printf(arena, "%s/iomem_reg_shift", folder), &shift) ||
		!fact_decimal(source, arena, arena_printf(arena, "%s/io_type", folder), &io_type) ||
		!fact_decimal(source, arena, arena_printf(arena, "%s/type", folder), &type))
		return false;
	ret->address = address;
	ret->shift = (uint8_t)shift;
	ret->width = width_of(io_type);
	return address != 0 && type != 0 && shift <= SHIFT_MAX && ret->width != 0 &&
		(ret->kind != SERIAL_PL011 || type == PORT_AMBA);
}

size_t mmio_serial_capture(
	const struct source *source, struct arena *arena, struct mmio_serial ret[static 4])
{
	size_t count = 0;

	for (size_t d = 0; d < sizeof drivers / sizeof *drivers; d++) {
		for (unsigned i = 0; i < SERIAL_PORTS && count < SERIAL_PORTS; i++) {
			struct mmio_serial port = { .kind = drivers[d].kind,
				.name = arena_printf(arena, "%s%u", drivers[d].name, i) };

			if (port.name && mmio_port(source, arena, port.name, &port))
				ret[count++] = port;
		}
	}
	return count;
}
