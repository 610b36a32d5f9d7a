/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which serial ports there are behind the names of a machine's consoles. */
#include "test.h"

#include "machine/facts.h"
#include "table-source.h"

static void serial_ports_have_hardware(void **state)
{
	struct arena a = { 0 };
	struct serial_facts serial[4];
	const struct table_source t = TABLE_SOURCE({ "sys/class/tty/ttyS0/port", "0x3F8\n" },
		{ "sys/class/tty/ttyS0/type", "4\n" }, { "sys/class/tty/ttyS1/port", "0x2F8\n" },
		{ "sys/class/tty/ttyS1/type", "0\n" }, { "sys/class/tty/ttyS2/port", "0x10000\n" },
		{ "sys/class/tty/ttyS3/port", "0x2e8\n" });
	const struct table_source none = TABLE_SOURCE(
		{ "sys/class/tty/ttyS0/port", "0x0\n" }, { "sys/class/tty/ttyS1/port", "port\n" });

	(void)state;
	assert_int_equal(serial_capture(&t.source, &a, serial), 2);
	assert_int_equal(serial[0].index, 0);
	assert_int_equal(serial[0].port, 0x3f8);
	assert_int_equal(serial[1].index, 3);
	assert_int_equal(serial[1].port, 0x2e8);
	assert_int_equal(serial_capture(&none.source, &a, serial), 0);
	arena_free(&a);
}

static void serial_ports_in_memory_are_described(void **state)
{
	struct arena a = { 0 };
	struct mmio_serial serial[4];
	const struct table_source t = TABLE_SOURCE(
		{ "sys/class/tty/ttyAMA0/iomem_base", "0x9000000\n" },
		{ "sys/class/tty/ttyAMA0/iomem_reg_shift", "0\n" },
		{ "sys/class/tty/ttyAMA0/io_type", "2\n" },
		{ "sys/class/tty/ttyAMA0/type", "32\n" },
		{ "sys/class/tty/ttyS1/iomem_base", "0x10000000\n" },
		{ "sys/class/tty/ttyS1/iomem_reg_shift", "2\n" },
		{ "sys/class/tty/ttyS1/io_type", "3\n" }, { "sys/class/tty/ttyS1/type", "4\n" });

	(void)state;
	assert_int_equal(mmio_serial_capture(&t.source, &a, serial), 2);
	assert_string_equal(serial[0].name, "ttyAMA0");
	assert_int_equal(serial[0].kind, SERIAL_PL011);
	assert_int_equal(serial[0].address, 0x9000000);
	assert_int_equal(serial[0].shift, 0);
	assert_int_equal(serial[0].width, 1);
	assert_string_equal(serial[1].name, "ttyS1");
	assert_int_equal(serial[1].kind, SERIAL_8250);
	assert_int_equal(serial[1].shift, 2);
	assert_int_equal(serial[1].width, 4);
	arena_free(&a);
}

/* One field after the other that makes it no such port. */
static void other_serial_ports_are_none(void **state)
{
	static const struct {
		const char *base, *shift, *io_type, *type;
	} ports[] = {
		{ "0x0\n", "0\n", "2\n", "32\n" }, { "base\n", "0\n", "2\n", "32\n" },
		{ "0x9000000\n", "9\n", "2\n", "32\n" }, { "0x9000000\n", NULL, "2\n", "32\n" },
		{ "0x9000000\n", "0\n", "0\n", "32\n" }, /* at an I/O port */
		{ "0x9000000\n", "0\n", "2\n", "0\n" },  /* no hardware */
		{ "0x9000000\n", "0\n", "2\n", "4\n" },  /* no PL011 */
	};
	struct arena a = { 0 };
	struct mmio_serial serial[4];

	(void)state;
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		const struct table_source t =
			TABLE_SOURCE({ "sys/class/tty/ttyAMA0/iomem_base", ports[i].base },
				{ "sys/class/tty/ttyAMA0/iomem_reg_shift", ports[i].shift },
				{ "sys/class/tty/ttyAMA0/io_type", ports[i].io_type },
				{ "sys/class/tty/ttyAMA0/type", ports[i].type });

		assert_int_equal(mmio_serial_capture(&t.source, &a, serial), 0);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(serial_ports_have_hardware),
		CASE(serial_ports_in_memory_are_described),
		CASE(other_serial_ports_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
