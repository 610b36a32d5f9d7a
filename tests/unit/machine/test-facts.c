/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every small source of facts, fed with what the kernel writes and with what it never should. */
#include "test.h"

#include "machine/facts.h"
#include "table-source.h"

#define EFI "sys/firmware/efi/"

static const struct table_file efi_files[] = {
	{ EFI "fw_platform_size", "64\n" },
	{ EFI "fw_vendor", "0x7f5ec018\n" },
	{ EFI "runtime", "0xfffffffefffb8b98\n" },
	{ EFI "config_table", "0x7f5ecf98\n" },
	{ EFI "systab",
		"ACPI20=0x7f77e014\nACPI=0x7f77e000\nSMBIOS3=0x7f518000\n"
		"SMBIOS=0x7f51a000\n" },
	{ EFI "runtime-map/0/type", "0x5\n" },
	{ EFI "runtime-map/0/phys_addr", "0x7ec01000\n" },
	{ EFI "runtime-map/0/virt_addr", "0xfffffffeffe01000\n" },
	{ EFI "runtime-map/0/num_pages", "0x100\n" },
	{ EFI "runtime-map/0/attribute", "0x800000000000000f\n" },
	{ EFI "runtime-map/1/type", "0x6\n" },
	{ EFI "runtime-map/1/phys_addr", "0x7f000000\n" },
	{ EFI "runtime-map/1/virt_addr", "0xfffffffeffd00000\n" },
	{ EFI "runtime-map/1/num_pages", "0x1\n" },
	{ EFI "runtime-map/1/attribute", "0x800000000000000f\n" },
};

enum { EFI_FILES = sizeof efi_files / sizeof *efi_files, FIRST_OF_MAP = 5 };

static const struct table_source efi_source = {
	{ table_read, source_look_by_read, table_list },
	efi_files,
	EFI_FILES,
};

static void efi_is_read(void **state)
{
	struct arena a = { 0 };
	struct efi_facts efi = efi_capture(&efi_source.source, &a);

	(void)state;
	assert_true(efi.present);
	assert_true(efi.is_64_bit);
	assert_int_equal(efi.fw_vendor, 0x7f5ec018);
	assert_int_equal(efi.runtime, 0xfffffffefffb8b98);
	assert_int_equal(efi.config_table, 0x7f5ecf98);
	assert_int_equal(efi.acpi20, 0x7f77e014);
	assert_int_equal(efi.smbios, 0x7f518000);
	assert_int_equal(efi.region_count, 2);
	assert_int_equal(efi.regions[0].type, 5);
	assert_int_equal(efi.regions[0].phys, 0x7ec01000);
	assert_int_equal(efi.regions[0].virt, 0xfffffffeffe01000);
	assert_int_equal(efi.regions[0].pages, 0x100);
	assert_int_equal(efi.regions[1].attribute, 0x800000000000000f);
	arena_free(&a);
}

static void one_bad_field_spoils_the_runtime_map(void **state)
{
	static const char *const bad[] = { NULL, "x\n", "0x10000000000000000\n" };

	(void)state;
	for (size_t field = FIRST_OF_MAP; field < EFI_FILES; field++) {
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
			struct table_file files[EFI_FILES];
			struct table_source t = { efi_source.source, files, EFI_FILES };
			struct arena a = { 0 };
			struct efi_facts efi;

			memcpy(files, efi_files, sizeof files);
			files[field].text = bad[i];
			efi = efi_capture(&t.source, &a);
			assert_true(efi.present);
			assert_int_equal(efi.region_count, 0);
			arena_free(&a);
		}
	}
}

static void older_tables_stand_in_for_newer_ones(void **state)
{
	struct arena a = { 0 };
	const struct table_source t = TABLE_SOURCE(
		{ EFI "fw_platform_size", "32" }, { EFI "systab", "SMBIOS=0x2000\nACPI=0x1000" });
	const struct table_source none = TABLE_SOURCE({ EFI "systab", "ACPI20=0x1000\n" });
	struct efi_facts efi = efi_capture(&t.source, &a);

	(void)state;
	assert_false(efi.is_64_bit);
	assert_int_equal(efi.acpi20, 0x1000);
	assert_int_equal(efi.smbios, 0x2000);
	assert_false(efi_capture(&none.source, &a).present);
	arena_free(&a);
}

static void boot_params_are_4096_bytes_or_nothing(void **state)
{
	static char page[4097] = { [0x70] = 0x14, [0x71] = (char)0xe0, [0x72] = (char)0xfe };
	struct arena a = { 0 };

	(void)state;
	for (size_t size = 4095; size <= 4097; size++) {
		const struct table_source t =
			TABLE_SOURCE({ "sys/kernel/boot_params/data", page, size });
		struct view v = boot_params_capture(&t.source, &a);

		assert_int_equal(v.n, size == 4096 ? 4096 : 0);
		assert_int_equal(boot_params_rsdp(v), size == 4096 ? 0xfee014 : 0);
	}
	arena_free(&a);
}

static const struct {
	const char *sysfs, *proc, *drm;
	enum framebuffer_owner owner;
	const char *driver;
} screens[] = {
	{ NULL, NULL, NULL, FRAMEBUFFER_NONE, "" },
	{ NULL, "", NULL, FRAMEBUFFER_NONE, "" },
	{ "EFI VGA\n", NULL, NULL, FRAMEBUFFER_FIRMWARE, "EFI VGA" },
	{ NULL, "0 EFI VGA\n", NULL, FRAMEBUFFER_FIRMWARE, "EFI VGA" },
	{ NULL, "1 i915drmfb\n0 VESA VGA\n", NULL, FRAMEBUFFER_FIRMWARE, "VESA VGA" },
	{ "simpledrmdrmfb\n", NULL, "card0", FRAMEBUFFER_FIRMWARE, "simpledrmdrmfb" },
	{ "simple\n", NULL, NULL, FRAMEBUFFER_FIRMWARE, "simple" },
	{ "i915drmfb\n", "0 EFI VGA\n", "card0", FRAMEBUFFER_DRIVER, "i915drmfb" },
	{ "EFI VGA 2\n", NULL, NULL, FRAMEBUFFER_DRIVER, "EFI VGA 2" },
	{ NULL, NULL, "card1", FRAMEBUFFER_DRIVER, "" },
	{ NULL, NULL, "renderD128", FRAMEBUFFER_NONE, "" },
};

static void the_screen_has_one_owner(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
		struct arena a = { 0 };
		const struct table_source t = TABLE_SOURCE(
			{ "sys/class/graphics/fb0/name", screens[i].sysfs },
			{ "proc/fb", screens[i].proc },
			{ screens[i].drm ? arena_printf(&a, "sys/class/drm/%s/dev", screens[i].drm)
					 : "none",
				"226:0\n" });
		struct framebuffer_facts fb = framebuffer_capture(&t.source, &a);

		assert_int_equal(fb.owner, screens[i].owner);
		assert_string_equal(fb.driver, screens[i].driver);
		arena_free(&a);
	}
}

static struct cpu_facts cpu_facts_of(const char *text)
{
	struct arena a = { 0 };
	const struct table_source t = TABLE_SOURCE({ "proc/cpuinfo", text });
	struct cpu_facts cpu = cpu_capture(&t.source, &a);

	arena_free(&a);
	return cpu;
}

static void processors_are_counted_and_described(void **state)
{
	struct cpu_facts cpu =
		cpu_facts_of("processor\t: 0\nmodel name\t: processor : x\n"
			     "cpu MHz\t\t: 800.000\nflags\t\t: fpu sse4_2 sha_ni la57 "
			     "pdpe1gb tdx_guest sev hypervisor\n"
			     "bogomips\t: 5199.98\n\nprocessor\t: 1\n\nprocessor\t: 2\n");

	(void)state;
	assert_int_equal(cpu.count, 3);
	assert_int_equal(cpu.counter_khz, 2599990);
	assert_true(cpu.sse42 && cpu.sha && cpu.la57 && cpu.pdpe1gb && cpu.tdx && cpu.sev &&
		cpu.hypervisor);
	assert_int_equal(cpu.long_mode, ANSWER_NO);
	assert_false(cpu.tdx_partial_writes);
	cpu = cpu_facts_of("processor\t: 0\nflags\t\t: fpu lm\nbugs\t\t: spectre_v1 tdx_pw_mce\n");
	assert_int_equal(cpu.long_mode, ANSWER_YES);
	assert_true(cpu.tdx_partial_writes);
	assert_int_equal(cpu_facts_of("processor\t: 0\n").long_mode, ANSWER_UNKNOWN);
	cpu = cpu_facts_of("processor\t: 0\nflags\t\t: sse4_2a xsha_ni sev_es\n");
	assert_int_equal(cpu.count, 1);
	assert_false(cpu.sse42 || cpu.sha || cpu.la57 || cpu.pdpe1gb || cpu.tdx || cpu.sev ||
		cpu.hypervisor);
}

/* QEMU's cortex-a57 and la464, each with what the other does not have left out. */
static void features_of_other_cpus_are_read(void **state)
{
	struct cpu_facts cpu =
		cpu_facts_of("processor\t: 0\nBogoMIPS\t: 125.00\nFeatures\t: fp asimd "
			     "evtstrm aes pmull sha1 sha2 crc32 cpuid\n");

	(void)state;
	assert_int_equal(cpu.counter_khz, 62500);
	assert_true(cpu.crc32 && cpu.sha2);
	cpu = cpu_facts_of(
		"processor\t\t: 0\nCPU MHz\t\t\t: 2000.00\nBogoMIPS\t\t: 4000.00\nFeatures\t\t: cpucfg lam crc32\n");
	/* These are the CPU's, and its counter runs at 100 MHz. */
	assert_int_equal(cpu.counter_khz, 0);
	assert_true(cpu.crc32 && !cpu.sha2);
	cpu = cpu_facts_of("vendor_id       : IBM/S390\n# processors    : 2\n"
			   "bogomips per cpu: 13370.00\nfeatures\t: esan3 zarch stfle\n"
			   "processor 0: version = 00\nprocessor 1: version = 00\n");
	assert_int_equal(cpu.count, 2);
	assert_int_equal(cpu.counter_khz, 4096000);
	assert_int_equal(cpu_facts_of("# processors    : 65536\n").count, 0);
	assert_int_equal(cpu_facts_of("# processors    : x\n").count, 0);
}

static const struct {
	const char *text;
	uint32_t khz;
} clocks[] = {
	{ "cpu MHz\t: 2400.123\n", 2400123 },
	{ "cpu MHz\t: 2400.1\n", 2400100 },
	{ "cpu MHz\t: 2400\n", 2400000 },
	{ "cpu MHz\t: 2400.1239\n", 2400123 },
	{ "cpu MHz\t: 2400.\n", 2400000 },
	{ "cpu MHz\t: .5\n", 0 },
	{ "cpu MHz\t: -5\n", 0 },
	{ "cpu MHz\t: 24e2\n", 0 },
	{ "cpu MHz\t: 4294967.295\n", UINT32_MAX },
	{ "cpu MHz\t: 4294967.296\n", 0 },
	{ "cpu MHz\t: 18446744073709551615\n", 0 },
	{ "bogomips\t: x\ncpu MHz\t: 1.000\n", 1000 },
	{ "bogomips\t: 2.00\ncpu MHz\t: 5.000\n", 1000 },
	{ "", 0 },
};

static void the_counters_clock_is_guessed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
		assert_int_equal(cpu_facts_of(clocks[i].text).counter_khz, clocks[i].khz);
}

/* Signature, then zeros up to the flags at 129. */
static enum psci_method psci_by(uint16_t flags, size_t size)
{
	struct arena a = { 0 };
	char fadt[131] = "FACP";
	const struct table_source t = TABLE_SOURCE({ "sys/firmware/acpi/tables/FACP", fadt, size });
	enum psci_method method;

	fadt[129] = (char)flags;
	fadt[130] = (char)(flags >> 8);
	method = psci_capture(&t.source, &a);
	arena_free(&a);
	return method;
}

static void acpi_tells_of_psci(void **state)
{
	(void)state;
	assert_int_equal(psci_by(1, 131), PSCI_SMC);
	assert_int_equal(psci_by(3, 131), PSCI_HVC);
	assert_int_equal(psci_by(2, 131), PSCI_NONE);
	assert_int_equal(psci_by(0, 131), PSCI_NONE);
	for (size_t n = 1; n < 131; n++)
		assert_int_equal(psci_by(3, n), PSCI_NONE);
}

/* Signature, flags at 112, the register's address at 116, its value behind that. */
static struct reset_register reset_by(uint32_t flags, uint8_t space, uint8_t bits, size_t size)
{
	struct arena a = { 0 };
	char fadt[131] = "FACP";
	const struct table_source t = TABLE_SOURCE({ "sys/firmware/acpi/tables/FACP", fadt, size });
	struct reset_register found;

	memcpy(fadt + 112, &flags, sizeof flags);
	fadt[116] = (char)space;
	fadt[117] = (char)bits;
	memcpy(fadt + 120, "\x1e\x00\x0e\x10\0\0\0\0\x42", 9);
	found = reset_register_capture(&t.source, &a);
	arena_free(&a);
	return found;
}

static void acpi_tells_of_a_reset_register(void **state)
{
	struct reset_register found = reset_by(1 << 10, 0, 8, 131);

	(void)state;
	assert_int_equal(found.address, 0x100e001e);
	assert_int_equal(found.value, 0x42);
	assert_int_equal(found.width, 1);
	/* Not there, a port instead of memory, wider than a byte. */
	assert_int_equal(reset_by(0, 0, 8, 131).width, 0);
	assert_int_equal(reset_by(1 << 10, 1, 8, 131).width, 0);
	assert_int_equal(reset_by(1 << 10, 0, 32, 131).width, 0);
	for (size_t n = 1; n < 129; n++)
		assert_int_equal(reset_by(1 << 10, 0, 8, n).width, 0);
}

static const struct {
	const char *meminfo, *page_size;
	uint64_t available, page;
} limits[] = {
	{ "MemTotal: 9 kB\nMemAvailable:    4869792 kB\n", "4096\n", 4869792ull << 10, 4096 },
	{ "MemAvailable: 1 MB\n", "65536\n", 0, 65536 },
	{ "MemAvailable: 1\n", "5000\n", 0, 4096 },
	{ "MemAvailable: -1 kB\n", "0\n", 0, 4096 },
	{ "MemAvailable: 18014398509481984 kB\n", "1\n", 0, 4096 },
	{ "MemAvailable: 18014398509481983 kB\n", NULL, 18014398509481983ull << 10, 4096 },
	{ "", "18446744073709551616\n", 0, 4096 },
};

static void contiguous_memory_is_counted(void **state)
{
	static const struct {
		const char *meminfo;
		uint64_t contiguous;
	} cases[] = {
		{ "MemAvailable: 1 kB\nCmaTotal:         262144 kB\nCmaFree: 1 kB\n", 256 << 20 },
		{ "CmaTotal: 0 kB\n", 0 },
		{ "MemAvailable: 1 kB\n", 0 },
		{ "CmaTotal: many kB\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = { 0 };
		const struct table_source t = TABLE_SOURCE({ "proc/meminfo", cases[i].meminfo });

		assert_int_equal(
			memory_amounts_capture(&t.source, &a).contiguous, cases[i].contiguous);
		arena_free(&a);
	}
}

static void limits_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct arena a = { 0 };
		const struct table_source t = TABLE_SOURCE({ "proc/meminfo", limits[i].meminfo },
			{ "saut/page-size", limits[i].page_size });

		assert_int_equal(
			memory_amounts_capture(&t.source, &a).available, limits[i].available);
		assert_int_equal(page_size_capture(&t.source, &a), limits[i].page);
		arena_free(&a);
	}
}

static const struct {
	const char *uname, *cmdline, *hypervisor, *xen;
	enum cpu_arch arch;
	const char *release, *line;
	bool is_xen;
} systems[] = {
	{ "6.1.0 x86_64\n", "root=/dev/sda quiet\n", NULL, "none", ARCH_X86_64, "6.1.0",
		"root=/dev/sda quiet", false },
	{ "6.1.0 aarch64", "", "kvm\n", "none", ARCH_ARM64, "6.1.0", "", false },
	{ "6.1.0", " a  b \n", "xen\n", "none", ARCH_UNKNOWN, "6.1.0", " a  b ", true },
	{ "", NULL, NULL, "proc/xen/capabilities", ARCH_UNKNOWN, "", "", true },
	{ NULL, NULL, "xenon\n", "none", ARCH_UNKNOWN, "", "", false },
};

static void the_system_says_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct machine m;
		const struct table_source t = TABLE_SOURCE(
			{ "proc/iomem", "0-fffff : System RAM\n" },
			{ "saut/uname", systems[i].uname }, { "proc/cmdline", systems[i].cmdline },
			{ "sys/hypervisor/type", systems[i].hypervisor }, { systems[i].xen, "" });

		assert_true(machine_capture(&t.source, &a, &m, &err));
		assert_int_equal(m.arch, systems[i].arch);
		assert_string_equal(m.uname_release, systems[i].release);
		assert_string_equal(m.command_line, systems[i].line);
		assert_int_equal(m.xen, systems[i].is_xen);
		arena_free(&a);
	}
}

/* The firmware's map alone does not tell what is in use. */
static void memory_is_not_known_without_iomem(void **state)
{
	static const struct table_file files[] = {
		{ "proc/iomem", NULL },
		{ "proc/iomem", .is_unreadable = true },
	};
	static const char *const reasons[] = { "/proc/iomem is not there",
		"/proc/iomem cannot be read: Input/output error" };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct machine m;
		const struct table_source t =
			TABLE_SOURCE(files[i], { "sys/firmware/memmap/0/start", "0x0\n" },
				{ "sys/firmware/memmap/0/end", "0xfffff\n" },
				{ "sys/firmware/memmap/0/type", "System RAM\n" });

		assert_true(machine_capture(&t.source, &a, &m, &err));
		assert_string_equal(m.no_memory, reasons[i]);
		assert_int_equal(m.ram.count, 0);
		assert_string_equal(m.command_line_unknown, "/proc/cmdline is not there");
		arena_free(&a);
	}
}

/* No fact may depend on bytes behind the end; the sanitizers watch. */
static void every_text_may_end_anywhere(void **state)
{
	static const char *const texts[][2] = {
		{ "proc/cpuinfo",
			"processor\t: 0\ncpu MHz\t: 2.5\nbogomips\t: 5.1\nflags\t: sha_ni\n" },
		{ "proc/meminfo", "MemTotal: 1 kB\nMemAvailable: 2 kB\n" },
		{ "proc/fb", "0 EFI VGA\n" },
		{ "proc/self/status", "Name: x\nCapEff:\t0000000000400000\n" },
		{ "sys/kernel/security/lockdown", "none [integrity] confidentiality\n" },
		{ "saut/syscalls", "kexec_load yes\nkexec_file_load no\n" },
		{ "saut/uname", "6.1.0 x86_64\n" },
		{ "proc/cmdline", "root=/dev/sda quiet\n" },
		{ "sys/firmware/efi/systab", "ACPI20=0x7f77e014\nSMBIOS=0x1\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (size_t n = 1; n <= strlen(texts[i][1]); n++) {
			struct arena a = { 0 };
			struct error err = { 0 };
			struct machine m;
			const struct table_source t =
				TABLE_SOURCE({ "proc/iomem", "0-fffff : System RAM\n" },
					{ "sys/firmware/efi/fw_platform_size", "64\n" },
					{ texts[i][0], texts[i][1], n });

			assert_true(machine_capture(&t.source, &a, &m, &err));
			arena_free(&a);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(efi_is_read),
		CASE(one_bad_field_spoils_the_runtime_map),
		CASE(older_tables_stand_in_for_newer_ones),
		CASE(boot_params_are_4096_bytes_or_nothing),
		CASE(the_screen_has_one_owner),
		CASE(processors_are_counted_and_described),
		CASE(features_of_other_cpus_are_read),
		CASE(the_counters_clock_is_guessed),
		CASE(acpi_tells_of_psci),
		CASE(acpi_tells_of_a_reset_register),
		CASE(limits_are_read),
		CASE(contiguous_memory_is_counted),
		CASE(the_system_says_what_it_is),
		CASE(memory_is_not_known_without_iomem),
		CASE(every_text_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
