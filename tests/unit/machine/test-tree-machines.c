/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captured machines of CPUs that have a device tree: what of them a plan leans on, number by number. */
#include "test.h"

#include "machine/machine-folders.h"
#include "machine/machine.h"
#include "sys/snapshot.h"

static const struct golden {
	const char *name;
	enum cpu_arch arch;
	unsigned cpus;
	uint32_t counter_khz;
	bool crc32;
	enum psci_method psci;
	bool gic_v3;
	enum answer lpis;
	struct range gic_tables;
	struct mmio_serial serial;
	phys_t efi_system_table;
	size_t tree_size;
	size_t ram_count;
	uint64_t ram_total;
	/* Some memory that must not be touched, and why. */
	struct range kept[3];
} goldens[] = {
	{
		.name = "arm64-gicv2",
		.arch = ARCH_ARM64,
		.cpus = 1,
		.counter_khz = 62500,
		.crc32 = true,
		.psci = PSCI_HVC,
		.lpis = ANSWER_NO,
		.serial = { "ttyAMA0", SERIAL_PL011, 0x9000000, 0, 1 },
		.tree_size = 7643,
		.ram_count = 1,
		.ram_total = 0x40000000,
		.kept = { { 0x7ac00000, 0x5000000 } }, /* "reserved" within System RAM */
	},
	{
		.name = "arm64-gicv3",
		.arch = ARCH_ARM64,
		.cpus = 4,
		.counter_khz = 62500,
		.crc32 = true,
		.psci = PSCI_HVC,
		.gic_v3 = true,
		.lpis = ANSWER_YES,
		/* By the log alone: /proc/iomem has nothing there. */
		.gic_tables = { 0x421b0000, 0x50000 },
		.serial = { "ttyAMA0", SERIAL_PL011, 0x9000000, 0, 1 },
		.tree_size = 8156,
		.ram_count = 1,
		.ram_total = 0x40000000,
		.kept = { { 0x421b0000, 0x50000 } },
	},
	{
		.name = "arm64-uefi",
		.arch = ARCH_ARM64,
		.cpus = 2,
		.counter_khz = 62500,
		.crc32 = true,
		.psci = PSCI_HVC,
		.gic_v3 = true,
		.lpis = ANSWER_YES,
		.gic_tables = { 0x401a0000, 0x30000 },
		.serial = { "ttyAMA0", SERIAL_PL011, 0x9000000, 0, 4 },
		.efi_system_table = 0x7ffd0018,
		.tree_size = 469,
		.ram_count = 3,
		.ram_total = 0x3f930000,
		/* The GIC's, the memory map that the tree names, ACPI's tables. */
		.kept = { { 0x401a0000, 0x30000 }, { 0x7c43d000, 0x1000 }, { 0x7c430000, 0x1000 } },
	},
	{
		.name = "riscv64-2harts",
		.arch = ARCH_RISCV64,
		.cpus = 2,
		.counter_khz = 10000,
		.serial = { "ttyS0", SERIAL_8250, 0x10000000, 0, 1 },
		.tree_size = 4755,
		.ram_count = 1,
		.ram_total = 0x40000000,
		/* OpenSBI, which traps whoever reads it. */
		.kept = { { 0x80000000, 0x80000 } },
	},
};

static void capture(const char *name, struct arena *a, struct machine *m)
{
	struct snapshot snapshot;
	struct error err = { 0 };

	if (!snapshot_open(
		    arena_printf(a, "%s/%s.machine", MACHINE_FOLDERS, name), &snapshot, &err) ||
		!machine_capture(&snapshot.source, a, m, &err))
		fail_msg("%s: %s", name, err.reason);
	snapshot_close(&snapshot);
}

static void check_gic(const struct golden *g, const struct machine *m)
{
	assert_int_equal(m->gic.is_v3, g->gic_v3);
	assert_int_equal(m->gic.lpis_enabled, g->lpis);
	if (g->arch != ARCH_ARM64)
		return;
	assert_true(m->gic.tables_complete);
	assert_int_equal(m->gic.tables.count, g->gic_tables.size != 0);
	if (m->gic.tables.count == 0)
		return;
	assert_int_equal(m->gic.tables.items[0].start, g->gic_tables.start);
	assert_int_equal(m->gic.tables.items[0].size, g->gic_tables.size);
}

static void check_serial(const struct golden *g, const struct machine *m)
{
	const struct mmio_serial *serial = m->mmio_serial;

	assert_int_equal(m->mmio_serial_count, 1);
	assert_string_equal(serial->name, g->serial.name);
	assert_int_equal(serial->kind, g->serial.kind);
	assert_int_equal(serial->address, g->serial.address);
	assert_int_equal(serial->shift, g->serial.shift);
	assert_int_equal(serial->width, g->serial.width);
}

static void check_memory(const struct golden *g, const struct machine *m)
{
	assert_true(m->memory.from_iomem);
	assert_int_equal(m->ram.count, g->ram_count);
	assert_int_equal(ranges_total(&m->ram), g->ram_total);
	for (size_t i = 0; i < sizeof g->kept / sizeof *g->kept; i++)
		if (g->kept[i].size)
			assert_true(ranges_contain(&m->reserved, g->kept[i]));
}

static void machines_with_a_tree_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
		const struct golden *g = &goldens[i];
		struct arena a = { 0 };
		struct machine m;

		print_message("machine %s\n", g->name);
		capture(g->name, &a, &m);
		assert_int_equal(m.arch, g->arch);
		assert_int_equal(m.cpu.count, g->cpus);
		assert_int_equal(m.cpu.counter_khz, g->counter_khz);
		assert_int_equal(m.cpu.crc32, g->crc32);
		assert_int_equal(m.psci, g->psci);
		assert_int_equal(m.efi.system_table, g->efi_system_table);
		assert_int_equal(m.efi.present, g->efi_system_table != 0);
		assert_int_equal(m.device_tree.n, g->tree_size);
		assert_int_equal(m.kexec.load, ANSWER_YES);
		check_gic(g, &m);
		check_serial(g, &m);
		check_memory(g, &m);
		arena_free(&a);
	}
}

/* Without a device tree and with the firmware's map, as on x86-64. */
static void i386_is_as_x86_64(void **state)
{
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	capture("i386-1g", &a, &m);
	assert_int_equal(m.arch, ARCH_I386);
	assert_int_equal(m.device_tree.n, 0);
	assert_false(m.memory.from_iomem);
	assert_int_equal(m.ram.count, 2);
	assert_int_equal(m.serial[0].port, 0x3f8);
	assert_int_equal(m.mmio_serial_count, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(machines_with_a_tree_are_understood),
		CASE(i386_is_as_x86_64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
