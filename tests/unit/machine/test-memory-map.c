/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>

#include "machine/machine.h"
#include "table-source.h"

#define MAP "sys/firmware/memmap/"
#define IOMEM                                                                 \
	"00000000-00000fff : Reserved\n00001000-0009fbff : System RAM\n"      \
	"00100000-3fffffff : System RAM\n  01000000-01ffffff : Kernel code\n" \
	"  3fe00000-3fe00fff : Reserved\n"

static bool capture(
	const struct table_source *t, struct arena *a, struct machine *m, struct error *err)
{
	*err = (struct error){ 0 };
	return machine_capture(&t->source, a, m, err);
}

static void assert_range(struct range got, phys_t start, phys_t end)
{
	assert_int_equal(got.start, start);
	assert_int_equal(range_end(got), end);
}

static void the_firmwares_map_is_read_and_sorted(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM },
		{ MAP "0/start", "0x100000\n" }, { MAP "0/end", "0x3fffffff\n" },
		{ MAP "0/type", "System RAM\n" }, { MAP "1/start", "0x0\n" },
		{ MAP "1/end", "0x9fbff\n" }, { MAP "1/type", "System RAM\n" },
		{ MAP "2/start", "0x9fc00\n" }, { MAP "2/end", "0x9fbff\n" },
		{ MAP "2/type", "Reserved\n" }, { MAP "3/start", "0xfffff000\n" },
		{ MAP "3/end", "0xffffffff\n" }, { MAP "3/type", "Made of cheese\n" });

	(void)state;
	assert_true(capture(&t, &a, &m, &err));
	assert_false(m.memory.from_iomem);
	assert_int_equal(m.memory.count, 3);
	assert_range(m.memory.items[0].range, 0, 0x9fc00);
	assert_range(m.memory.items[1].range, 0x100000, 0x40000000);
	assert_int_equal(m.memory.items[2].type, MEMORY_RESERVED);
	assert_int_equal(m.ram.count, 2);
	assert_int_equal(m.reserved.count, 2);
	assert_range(m.reserved.items[0], 0, 0x1000);
	assert_range(m.reserved.items[1], 0x3fe00000, 0x3fe01000);
	arena_free(&a);
}

/* As after a jump by kexec_file_load, which tells what held setup_data. */
static void ram_beside_ram_is_one(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source t =
		TABLE_SOURCE({ "proc/iomem", IOMEM }, { MAP "0/start", "0x100000\n" },
			{ MAP "0/end", "0x10102f\n" }, { MAP "0/type", "System RAM\n" },
			{ MAP "1/start", "0x101030\n" }, { MAP "1/end", "0x101077\n" },
			{ MAP "1/type", "System RAM\n" }, { MAP "2/start", "0x101078\n" },
			{ MAP "2/end", "0x3fffffff\n" }, { MAP "2/type", "System RAM\n" },
			{ MAP "3/start", "0x40000000\n" }, { MAP "3/end", "0x4fffffff\n" },
			{ MAP "3/type", "Persistent Memory\n" }, { MAP "4/start", "0x50000000\n" },
			{ MAP "4/end", "0x5fffffff\n" }, { MAP "4/type", "Persistent Memory\n" });

	(void)state;
	assert_true(capture(&t, &a, &m, &err));
	assert_int_equal(m.memory.count, 3);
	assert_range(m.memory.items[0].range, 0x100000, 0x40000000);
	assert_range(m.memory.items[1].range, 0x40000000, 0x50000000);
	assert_range(m.memory.items[2].range, 0x50000000, 0x60000000);
	arena_free(&a);
}

/* One entry of the memory map in boot_params, at its offset (arch/x86/zero-page.rst). */
static void put_entry(char *page, uint32_t type)
{
	static const unsigned char start_and_size[] = { 0x30, 0x10, 0x10, 0, 0, 0, 0, 0, 0x48 };

	page[0x1e8] = 1;
	memcpy(page + 0x2d0, start_and_size, sizeof start_and_size);
	page[0x2d0 + 16] = (char)type;
}

static const struct {
	const char *name, *last;
	uint32_t number;
	size_t count;
} kept[] = {
	{ "Unknown E820 type\n", "0x101077\n", 128, 1 },
	{ "Unknown E820 type\n", "0x101077\n", 129, 3 },
	{ "Unknown E820 type\n", "0x101076\n", 128, 3 },
	{ "Reserved\n", "0x101077\n", 128, 3 },
};

static void what_the_kernel_has_no_name_for_any_more_is_known_by_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		char page[4096] = { 0 };
		struct arena a = { 0 };
		struct error err;
		struct machine m;
		const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM },
			{ "sys/kernel/boot_params/data", page, sizeof page },
			{ MAP "0/start", "0x100000\n" }, { MAP "0/end", "0x10102f\n" },
			{ MAP "0/type", "System RAM\n" }, { MAP "1/start", "0x101030\n" },
			{ MAP "1/end", kept[i].last }, { MAP "1/type", kept[i].name },
			{ MAP "2/start", "0x101078\n" }, { MAP "2/end", "0x3fffffff\n" },
			{ MAP "2/type", "System RAM\n" });

		put_entry(page, kept[i].number);
		assert_true(capture(&t, &a, &m, &err));
		assert_int_equal(m.memory.count, kept[i].count);
		arena_free(&a);
	}
}

static const struct {
	const char *name;
	enum memory_type type;
} types[] = {
	{ "System RAM", MEMORY_RAM },
	{ "Reserved", MEMORY_RESERVED },
	{ "reserved", MEMORY_RESERVED },
	{ "ACPI Tables", MEMORY_ACPI_TABLES },
	{ "ACPI tables", MEMORY_ACPI_TABLES },
	{ "ACPI Non-volatile Storage", MEMORY_ACPI_NVS },
	{ "Unusable memory", MEMORY_UNUSABLE },
	{ "Persistent Memory", MEMORY_PERSISTENT },
	{ "Persistent Memory (legacy)", MEMORY_PERSISTENT_LEGACY },
	{ "Soft Reserved", MEMORY_SOFT_RESERVED },
	{ "System RAM (kmem)", MEMORY_RESERVED },
	{ "", MEMORY_RESERVED },
};

static void types_are_known_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct arena a = { 0 };
		struct error err;
		struct machine m;
		const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM },
			{ MAP "0/start", "0x0\n" }, { MAP "0/end", "0x9fbff\n" },
			{ MAP "0/type", "System RAM\n" }, { MAP "1/start", "0x100000\n" },
			{ MAP "1/end", "0x1fffff\n" }, { MAP "1/type", types[i].name });

		assert_true(capture(&t, &a, &m, &err));
		assert_int_equal(m.memory.items[1].type, types[i].type);
		assert_int_equal(m.ram.count, types[i].type == MEMORY_RAM ? 2 : 1);
		arena_free(&a);
	}
}

static const struct {
	const char *start, *end, *reason;
} bad_entries[] = {
	{ "0x1000", NULL, "/sys/firmware/memmap/0/end cannot be read" },
	{ NULL, "0x1fff", "/sys/firmware/memmap/0/start cannot be read" },
	{ "0x2000", "0x1ffe", "ends at 0x1ffe, before its start at 0x2000" },
	{ "0x10000000000000000", "0x1fff", "start is no address: \"0x10000000000000000\"" },
	{ "-1", "0x1fff", "start is no address: \"-1\"" },
	{ "0x1000", "0x1fff 0x2fff", "end is no address" },
	{ "0x", "0x1fff", "start is no address" },
	{ "  \n", "0x1fff", "start cannot be read" },
};

static void broken_entries_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_entries / sizeof *bad_entries; i++) {
		struct arena a = { 0 };
		struct error err;
		struct machine m;
		const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM },
			{ MAP "0/start", bad_entries[i].start },
			{ MAP "0/end", bad_entries[i].end }, { MAP "0/type", "System RAM\n" });

		assert_false(capture(&t, &a, &m, &err));
		assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
		assert_reason(err, bad_entries[i].reason);
		arena_free(&a);
	}
}

static void where_entries_overlap_ram_loses(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM },
		{ MAP "0/start", "0x0" }, { MAP "0/end", "0xffffffffffffffff" },
		{ MAP "0/type", "System RAM" }, { MAP "1/start", "0x1000" },
		{ MAP "1/end", "0x1fff" }, { MAP "1/type", "ACPI Tables" });

	(void)state;
	assert_true(capture(&t, &a, &m, &err));
	assert_int_equal(m.ram.count, 2);
	assert_range(m.ram.items[0], 0, 0x1000);
	assert_range(m.ram.items[1], 0x2000, UINT64_MAX);
	arena_free(&a);
}

#define THREE_GIB_OF_RAM                                                  \
	{ MAP "0/start", "0x100000\n" }, { MAP "0/end", "0xbfffffff\n" }, \
		{ MAP "0/type", "System RAM\n" }

/* With mem=1G the kernel keeps off the rest, and so does the plan. */
static void ram_that_the_kernel_keeps_off_is_reserved(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM }, THREE_GIB_OF_RAM);
	const struct table_source silent =
		TABLE_SOURCE({ "proc/iomem", "3fe00000-3fe00fff : Reserved\n" }, THREE_GIB_OF_RAM);

	(void)state;
	assert_true(capture(&t, &a, &m, &err));
	assert_int_equal(m.ram.count, 1);
	assert_int_equal(m.reserved.count, 2);
	assert_range(m.reserved.items[0], 0x3fe00000, 0x3fe01000);
	assert_range(m.reserved.items[1], 0x40000000, 0xc0000000);
	/* An iomem without a word on RAM says nothing against it. */
	assert_true(capture(&silent, &a, &m, &err));
	assert_int_equal(m.reserved.count, 1);
	arena_free(&a);
}

#define REGION(number, at, pages)                                                        \
	{ "sys/firmware/efi/runtime-map/" number "/type", "0x4\n" },                     \
		{ "sys/firmware/efi/runtime-map/" number "/phys_addr", at },             \
		{ "sys/firmware/efi/runtime-map/" number "/virt_addr", "0xffff0000\n" }, \
		{ "sys/firmware/efi/runtime-map/" number "/num_pages", pages },          \
		{ "sys/firmware/efi/runtime-map/" number "/attribute", "0x8000000000000000\n" }

/* The next kernel is told of these regions: what lies there must be what the firmware left. */
static void runtime_regions_inside_ram_are_reserved(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM },
		{ "sys/firmware/efi/fw_platform_size", "64\n" },
		REGION("0", "0x2000000\n", "0x2\n"),
		REGION("1", "0x3ffff000\n", "0xffffffffffffffff\n"),
		REGION("2", "0x80000000\n", "0x1\n"));

	(void)state;
	assert_true(capture(&t, &a, &m, &err));
	assert_int_equal(m.efi.region_count, 3);
	assert_int_equal(m.reserved.count, 3);
	assert_range(m.reserved.items[0], 0x2000000, 0x2002000);
	assert_range(m.reserved.items[1], 0x3fe00000, 0x3fe01000);
	assert_range(m.reserved.items[2], 0x3ffff000, 0x40000000);
	arena_free(&a);
}

static void without_a_firmware_map_iomem_serves(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source t = TABLE_SOURCE({ "proc/iomem",
		IOMEM
		"80000000-bfffffff : PCI Bus 0000:00\n  80000000-8fffffff : Reserved\n"
		"    80000000-80000fff : System RAM\n100000000-1ffffffff : System RAM (kmem)\n"
		"fffc0000-ffffffff : ACPI Non-volatile Storage\n" });

	(void)state;
	assert_true(capture(&t, &a, &m, &err));
	assert_true(m.memory.from_iomem);
	assert_int_equal(m.memory.count, 5);
	assert_range(m.memory.items[3].range, 0x80000000, 0x90000000);
	assert_int_equal(m.memory.items[3].type, MEMORY_RESERVED);
	assert_int_equal(m.memory.items[4].type, MEMORY_ACPI_NVS);
	assert_int_equal(m.ram.count, 2);
	assert_int_equal(m.reserved.count, 1);
	arena_free(&a);
}

static void nothing_to_plan_with_is_an_error(void **state)
{
	struct arena a = { 0 };
	struct error err;
	struct machine m;
	const struct table_source no_ram = TABLE_SOURCE({ "proc/iomem", "0-1fff : Reserved\n" });
	const struct table_source hidden = TABLE_SOURCE(
		{ "proc/iomem", "00000000-00000000 : System RAM\n" }, { MAP "0/start", "0x0" },
		{ MAP "0/end", "0x9fbff" }, { MAP "0/type", "System RAM" });

	(void)state;
	assert_false(capture(&no_ram, &a, &m, &err));
	assert_reason(err, "none of the 1 entries of the memory map is RAM");
	assert_false(capture(&hidden, &a, &m, &err));
	assert_reason(err, "hides its addresses");
	assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
	arena_free(&a);
}

/* Each of them is missing silently on some machine, and must not be for any other reason. */
static void what_cannot_be_read_is_not_absent(void **state)
{
	static const char *const paths[] = { "sys/firmware/memmap", MAP "1/type",
		"sys/firmware/efi/fw_platform_size", "sys/firmware/efi/runtime-map",
		"sys/firmware/efi/systab", "sys/kernel/boot_params/data",
		"sys/class/graphics/fb0/name", "proc/cpuinfo", "proc/meminfo", "sys/firmware/fdt",
		"proc/xen", "saut/uname" };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		/* The table finds the first of a name. */
		const struct table_source t =
			TABLE_SOURCE({ paths[i], .is_unreadable = true }, { "proc/iomem", IOMEM },
				{ MAP "0/start", "0x0" }, { MAP "0/end", "0x9fbff" },
				{ MAP "0/type", "System RAM" }, { MAP "1/start", "0x100000" },
				{ MAP "1/end", "0x1fffff" }, { MAP "1/type", "System RAM" },
				{ "sys/firmware/efi/fw_platform_size", "64\n" },
				{ "saut/uname", "6.1.0 x86_64" });
		struct arena a = { 0 };
		struct machine m;
		struct error err = { 0 };

		if (capture(&t, &a, &m, &err))
			fail_msg("%s", paths[i]);
		assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
		assert_reason(err, paths[i]);
		arena_free(&a);
	}
}

static void a_command_line_is_known_or_not(void **state)
{
	const struct table_source none = TABLE_SOURCE({ "proc/iomem", "0-1fff : System RAM\n" });
	const struct table_source broken = TABLE_SOURCE({ "proc/iomem", "0-1fff : System RAM\n" },
		{ "proc/cmdline", .is_unreadable = true });
	const struct table_source empty =
		TABLE_SOURCE({ "proc/iomem", "0-1fff : System RAM\n" }, { "proc/cmdline", "\n" });
	struct arena a = { 0 };
	struct error err;
	struct machine m;

	(void)state;
	assert_true(capture(&none, &a, &m, &err));
	assert_string_equal(m.command_line_unknown, "/proc/cmdline is not there");
	assert_true(capture(&broken, &a, &m, &err));
	assert_non_null(strstr(m.command_line_unknown, "/proc/cmdline cannot be read"));
	assert_string_equal(m.command_line, "");
	assert_true(capture(&empty, &a, &m, &err));
	assert_null(m.command_line_unknown);
	arena_free(&a);
}

/* One more entry than the limit, and exactly the limit. */
static void too_many_entries_are_an_error(void **state)
{
	enum { LIMIT = 12800 };
	struct arena a = { 0 };
	struct table_source t = TABLE_SOURCE({ "proc/iomem", IOMEM });
	char *text = arena_alloc(&a, 64 * (LIMIT + 1));
	size_t used = 0;
	struct error err;
	struct machine m;

	(void)state;
	for (uint64_t i = 0; i <= LIMIT; i++)
		used += (size_t)sprintf(text + used, "%llx-%llx : System RAM\n",
			(unsigned long long)(i * 0x2000), (unsigned long long)(i * 0x2000 + 0xfff));
	t.files = &(const struct table_file){ "proc/iomem", text, used };
	assert_false(capture(&t, &a, &m, &err));
	assert_reason(err, "the memory map has more than 12800 entries");
	t.files = &(const struct table_file){ "proc/iomem", strchr(text, '\n') + 1, 0 };
	assert_true(capture(&t, &a, &m, &err));
	assert_int_equal(m.ram.count, LIMIT);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_firmwares_map_is_read_and_sorted),
		CASE(ram_beside_ram_is_one),
		CASE(what_the_kernel_has_no_name_for_any_more_is_known_by_number),
		CASE(types_are_known_by_name),
		CASE(broken_entries_are_named),
		CASE(where_entries_overlap_ram_loses),
		CASE(ram_that_the_kernel_keeps_off_is_reserved),
		CASE(runtime_regions_inside_ram_are_reserved),
		CASE(without_a_firmware_map_iomem_serves),
		CASE(nothing_to_plan_with_is_an_error),
		CASE(what_cannot_be_read_is_not_absent),
		CASE(a_command_line_is_known_or_not),
		CASE(too_many_entries_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
