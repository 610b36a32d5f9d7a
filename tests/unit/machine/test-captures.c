/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole machines, from tests/machines: what of them must come out, number by number. */
#include "test.h"

#include "base/arith.h"
#include "machine/machine-folders.h"
#include "machine/machine.h"
#include "sys/snapshot.h"

struct golden {
	const char *name, *release, *command_line;
	size_t entries, ram_count, reserved_count, crash_count;
	uint64_t ram_total, reserved_total, crash_total, available;
	phys_t ram_end, rsdp;
	bool from_iomem, boot_params, efi;
	size_t regions;
	enum framebuffer_owner screen;
	unsigned cpus;
	size_t serial;
	enum answer syscalls, may_boot, loaded, disabled, secure_boot, forced;
	enum lockdown lockdown;
};

static const struct golden goldens[] = {
	{
		.name = "q35-1g",
		.release = "6.1.0-56-cloud-amd64",
		.command_line = "console=ttyS0 panic=-1 quiet",
		.entries = 9,
		.ram_count = 2,
		.ram_total = 0x3ff7ec00,
		.ram_end = 0x3ffdf000,
		.reserved_count = 1,
		.reserved_total = 0x1000,
		.available = KiB(891124),
		.rsdp = 0xf59e0,
		.screen = FRAMEBUFFER_NONE,
		.cpus = 1,
		.boot_params = true,
		.serial = 1,
		.syscalls = ANSWER_YES,
		.may_boot = ANSWER_YES,
		.loaded = ANSWER_NO,
		.disabled = ANSWER_NO,
		.secure_boot = ANSWER_NO,
		.forced = ANSWER_NO,
		.lockdown = LOCKDOWN_NONE,
	},
	{
		.name = "q35-5g",
		.release = "6.1.0-56-cloud-amd64",
		.command_line = "console=ttyS0 panic=-1 quiet crashkernel=128M",
		.entries = 10,
		.ram_count = 3,
		.ram_total = 0x13ff7ec00,
		.ram_end = 0x1c0000000,
		.reserved_count = 2,
		.reserved_total = 0x8001000,
		.crash_count = 1,
		.crash_total = MiB(128),
		.available = KiB(4744840),
		.rsdp = 0xf59c0,
		.screen = FRAMEBUFFER_NONE,
		.cpus = 2,
		.boot_params = true,
		.serial = 1,
		.syscalls = ANSWER_YES,
		.may_boot = ANSWER_YES,
		.loaded = ANSWER_NO,
		.disabled = ANSWER_NO,
		.secure_boot = ANSWER_NO,
		.forced = ANSWER_NO,
		.lockdown = LOCKDOWN_NONE,
	},
	{
		.name = "q35-2g-mem",
		.release = "6.12.117+deb12-cloud-amd64",
		.command_line =
			"console=ttyS0 panic=-1 quiet loglevel=4 crashkernel=128M mem=1500M",
		.entries = 9,
		.ram_count = 2,
		.ram_total = 0x7ff7ec00,
		.ram_end = 0x7ffdf000,
		/* Page 0, the crash kernel, and what mem= keeps the kernel off. */
		.reserved_count = 3,
		.reserved_total = 0x1000 + MiB(128) + 0x7ffdf000 - MiB(1500),
		.crash_count = 1,
		.crash_total = MiB(128),
		.available = KiB(1207320),
		.rsdp = 0xf59e0,
		.screen = FRAMEBUFFER_NONE,
		.cpus = 1,
		.boot_params = true,
		.serial = 2,
		.syscalls = ANSWER_YES,
		.may_boot = ANSWER_YES,
		.loaded = ANSWER_NO,
		.disabled = ANSWER_NO,
		.secure_boot = ANSWER_NO,
		.lockdown = LOCKDOWN_NONE,
	},
	{
		.name = "pc-256m",
		.release = "6.1.0-56-cloud-amd64",
		.command_line = "console=ttyS0 panic=-1 quiet",
		.entries = 7,
		.ram_count = 2,
		.ram_total = 0xff7fc00,
		.ram_end = 0xffe0000,
		.reserved_count = 1,
		.reserved_total = 0x1000,
		.available = KiB(197900),
		.rsdp = 0xf59d0,
		.screen = FRAMEBUFFER_NONE,
		.cpus = 1,
		.boot_params = true,
		.serial = 1,
		.syscalls = ANSWER_YES,
		.may_boot = ANSWER_YES,
		.loaded = ANSWER_NO,
		.disabled = ANSWER_NO,
		.secure_boot = ANSWER_NO,
		.forced = ANSWER_NO,
		.lockdown = LOCKDOWN_NONE,
	},
	{
		.name = "q35-uefi-5g",
		.release = "6.1.0-56-cloud-amd64",
		.command_line = "console=ttyS0 panic=-1 quiet initrd=initrd",
		.entries = 18,
		.ram_count = 8,
		.ram_total = 0x13fa24000,
		.ram_end = 0x1c0000000,
		.reserved_count = 2,
		.reserved_total = 0x2000,
		.available = KiB(4869808),
		/* Its boot_params have none: it comes from EFI's system table. */
		.rsdp = 0x7fb7e014,
		.efi = true,
		.regions = 6,
		.screen = FRAMEBUFFER_FIRMWARE,
		.cpus = 2,
		.boot_params = true,
		.serial = 1,
		.syscalls = ANSWER_YES,
		.may_boot = ANSWER_YES,
		.loaded = ANSWER_NO,
		.disabled = ANSWER_NO,
		.secure_boot = ANSWER_NO,
		.forced = ANSWER_NO,
		.lockdown = LOCKDOWN_NONE,
	},
	{
		.name = "server-1536g",
		.release = "5.3.0",
		.command_line = "",
		.entries = 50,
		.ram_count = 15,
		.ram_total = 0x1799d00b000,
		.ram_end = 0x17f7c000000,
		.reserved_count = 1,
		.reserved_total = 0x1000,
		.syscalls = ANSWER_YES,
		.secure_boot = ANSWER_NO,
	},
	{
		.name = "server-4t",
		.release = "6.1.0",
		.command_line = "",
		.entries = 48,
		.ram_count = 21,
		.ram_total = 0x3efe8bdd000,
		.ram_end = 0x3ff80000000,
		.reserved_count = 1,
		.reserved_total = 0x1000,
		.syscalls = ANSWER_YES,
		.secure_boot = ANSWER_NO,
	},
	{
		.name = "server-12t",
		.release = "4.0.0",
		.command_line =
			"BOOT_IMAGE=vmlinuz root=/dev/sda3 splash=silent "
			"crashkernel=1536M-:768M showopts intel_idle.max_cstate=1 selinux=0 "
			"console=ttyS0,115200",
		.from_iomem = true,
		.entries = 39,
		.ram_count = 8,
		.ram_total = 0xbfff8b8c000,
		.ram_end = 0xc2000000000,
	},
};

static void capture(const char *name, struct arena *a, struct machine *m)
{
	const char *path = arena_printf(a, "%s/%s.machine", MACHINE_FOLDERS, name);
	struct snapshot snapshot;
	struct error err = { 0 };

	if (!snapshot_open(path, &snapshot, &err))
		print_error("%s\n", err.reason);
	assert_int_equal(err.fault, FAULT_NONE);
	if (!machine_capture(&snapshot.source, a, m, &err))
		print_error("%s: %s\n", name, err.reason);
	assert_int_equal(err.fault, FAULT_NONE);
	snapshot_close(&snapshot);
}

static void check_memory(const struct golden *g, const struct machine *m)
{
	assert_int_equal(m->memory.count, g->entries);
	assert_int_equal(m->memory.from_iomem, g->from_iomem);
	assert_int_equal(m->ram.count, g->ram_count);
	assert_int_equal(ranges_total(&m->ram), g->ram_total);
	assert_int_equal(range_end(m->ram.items[m->ram.count - 1]), g->ram_end);
	assert_int_equal(m->reserved.count, g->reserved_count);
	assert_int_equal(ranges_total(&m->reserved), g->reserved_total);
	assert_int_equal(m->crash.count, g->crash_count);
	assert_int_equal(ranges_total(&m->crash), g->crash_total);
	assert_int_equal(m->memory_available, g->available);
	assert_int_equal(m->page_size, 4096);
}

static void check_abilities(const struct golden *g, const struct kexec_ability *k)
{
	assert_int_equal(k->load, g->syscalls);
	assert_int_equal(k->file_load, g->syscalls);
	assert_int_equal(k->may_boot, g->may_boot);
	assert_int_equal(k->loaded, g->loaded);
	assert_int_equal(k->crash_loaded, g->loaded);
	assert_int_equal(k->disabled, g->disabled);
	assert_int_equal(k->secure_boot, g->secure_boot);
	assert_int_equal(k->signature_forced, g->forced);
	assert_int_equal(k->lockdown, g->lockdown);
	assert_int_equal(k->load_limit_reboot, -1);
	assert_int_equal(k->load_limit_panic, -1);
}

static void every_captured_machine_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
		const struct golden *g = &goldens[i];
		struct arena a = { 0 };
		struct machine m;

		print_message("machine %s\n", g->name);
		capture(g->name, &a, &m);
		assert_int_equal(m.arch, ARCH_X86_64);
		assert_string_equal(m.uname_release, g->release);
		assert_string_equal(m.command_line, g->command_line);
		check_memory(g, &m);
		check_abilities(g, &m.kexec);
		assert_int_equal(m.boot_params.n, g->boot_params ? 4096 : 0);
		assert_int_equal(m.rsdp, g->rsdp);
		assert_int_equal(m.efi.present, g->efi);
		assert_int_equal(m.efi.is_64_bit, g->efi);
		assert_int_equal(m.efi.region_count, g->regions);
		assert_int_equal(m.framebuffer.owner, g->screen);
		assert_int_equal(m.cpu.count, g->cpus);
		assert_int_equal(m.serial_count, g->serial);
		assert_false(m.xen);
		arena_free(&a);
	}
}

/* What the plan of a jump leans on most, in the words of the captured files. */
static void details_of_the_uefi_machine(void **state)
{
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	capture("q35-uefi-5g", &a, &m);
	assert_string_equal(m.framebuffer.driver, "EFI VGA");
	assert_int_equal(m.efi.smbios, 0x7f918000);
	assert_true(m.efi.fw_vendor && m.efi.runtime && m.efi.config_table);
	for (size_t i = 0; i < m.efi.region_count; i++)
		assert_int_equal(m.efi.regions[i].attribute >> 63, 1); /* EFI_MEMORY_RUNTIME */
	/* The logo that the firmware left in RAM, which the running kernel keeps for the next one. */
	assert_true(ranges_contain(&m.reserved, range_between(0x7d973000, 0x7d974000)));
	assert_true(m.cpu.sse42 && m.cpu.la57 && m.cpu.pdpe1gb);
	assert_false(m.cpu.sev || m.cpu.tdx);
	assert_in_range(m.cpu.counter_khz, 100000, 10000000);
	assert_int_equal(m.serial[0].index, 0);
	assert_int_equal(m.serial[0].port, 0x3f8);
	arena_free(&a);
}

/* It sees a part of the machine's memory, at addresses that are none; Xen tells of all of it. */
static void the_dom0_knows_the_machine_by_xen(void **state)
{
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	capture("xen-dom0", &a, &m);
	assert_true(m.xen);
	assert_int_equal(m.kexec.xen.kind, XEN_PV_DOM0);
	assert_null(m.kexec.xen.why);
	assert_int_equal(m.kexec.loaded, ANSWER_NO);
	assert_int_equal(m.memory.count, 11);
	assert_int_equal(m.ram.count, 2);
	assert_int_equal(range_end(m.ram.items[0]), 0x9fc00);
	assert_int_equal(range_end(m.ram.items[1]), 0x3ffdf000);
	assert_int_equal(m.reserved.count, 0);
	arena_free(&a);
}

static void every_node_of_the_4t_server_keeps_its_reserved_end(void **state)
{
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	capture("server-4t", &a, &m);
	for (uint64_t node = 1; node <= 16; node++) {
		phys_t end = node * GiB(256) + GiB(2);

		for (size_t i = 0; i < m.ram.count; i++)
			assert_false(
				range_overlaps(m.ram.items[i], range_between(end - GiB(4), end)));
	}
	arena_free(&a);
}

/* Of 3 GiB and up, 192 GiB apart: speculation into them halts the machine. */
static void every_node_of_the_1536g_server_keeps_its_reserved_end(void **state)
{
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	capture("server-1536g", &a, &m);
	for (uint64_t node = 1; node <= 8; node++) {
		phys_t end = node * GiB(192) + GiB(1);

		for (size_t i = 0; i < m.ram.count; i++)
			assert_false(
				range_overlaps(m.ram.items[i], range_between(end - GiB(3), end)));
	}
	arena_free(&a);
}

static void tables_above_4g_are_no_ram_on_the_12t_server(void **state)
{
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	capture("server-12t", &a, &m);
	assert_false(ranges_contain(&m.ram, range_between(GiB(4), GiB(4) + KiB(4))));
	assert_true(ranges_contain(&m.ram, range_between(GiB(4) + KiB(4), GiB(768))));
	assert_true(ranges_contain(&m.ram, range_between(0xe000001000, 0xc2000000000)));
	assert_false(ranges_contain(&m.ram, range_between(0xe000000000, 0xe000001000)));
	assert_false(ranges_contain(&m.ram, range_between(0xc2000000000, 0xc2000001000)));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_captured_machine_is_understood),
		CASE(details_of_the_uefi_machine),
		CASE(the_dom0_knows_the_machine_by_xen),
		CASE(every_node_of_the_4t_server_keeps_its_reserved_end),
		CASE(every_node_of_the_1536g_server_keeps_its_reserved_end),
		CASE(tables_above_4g_are_no_ram_on_the_12t_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
