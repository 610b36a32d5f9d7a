/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/kcore.h"

#include <stdio.h>

#include "base/arith.h"
#include "machine/machine-folders.h"
#include "sys/snapshot.h"
#include "table-source.h"
#include "test.h"

#define CPU0   "sys/devices/system/cpu/cpu0/crash_notes"
#define SIZE0  "sys/devices/system/cpu/cpu0/crash_notes_size"
#define LAYOUT "sys/kernel/vmcoreinfo"
#define CMA    "sys/kernel/kexec/crash_cma_ranges"

static struct range ram[] = { { MiB(1), MiB(1023) }, { GiB(4), GiB(1) } };
static struct range reserved[] = { { MiB(512), MiB(192) } };

struct looked {
	struct arena arena;
	struct machine machine;
};

static void look(struct looked *l, const struct table_source *files)
{
	l->arena = (struct arena){ 0 };
	l->machine = (struct machine){ .system_ram = { ram, 2 }, .crash = { reserved, 1 } };
	assert_true(machine_capture_dump(&files->source, &l->arena, &l->machine));
}

static void each_cpu_and_the_layout_are_notes(void **state)
{
	const struct table_source files =
		TABLE_SOURCE({ CPU0, "3e83d800\n", 0, false }, { SIZE0, "368\n", 0, false },
			{ "sys/devices/system/cpu/cpu1/crash_notes", "100001000\n", 0, false },
			{ "sys/devices/system/cpu/cpu2/online", "0\n", 0, false },
			{ "sys/devices/system/cpu/cpufreq/crash_notes", "x\n", 0, false },
			{ LAYOUT, "0x00000000019b6000 1024\n", 0, false },
			{ CMA, "110000000-117ffffff\n130000000-130ffffff\n", 0, false });
	struct looked l;

	(void)state;
	look(&l, &files);
	assert_null(l.machine.dump.unknown);
	assert_int_equal(l.machine.dump.note_count, 3);
	assert_int_equal(l.machine.dump.notes[0].start, 0x3e83d800);
	assert_int_equal(l.machine.dump.notes[0].size, 368);
	/* Its size is not told. */
	assert_int_equal(l.machine.dump.notes[1].start, 0x100001000);
	assert_int_equal(l.machine.dump.notes[1].size, 1024);
	assert_true(l.machine.dump.has_layout);
	assert_int_equal(l.machine.dump.notes[2].start, 0x19b6000);
	assert_int_equal(l.machine.dump.notes[2].size, 0x1024);
	assert_int_equal(l.machine.crash_cma.count, 2);
	assert_int_equal(l.machine.crash_cma.items[0].start, 0x110000000);
	assert_int_equal(ranges_total(&l.machine.crash_cma), MiB(144));
	assert_int_equal(l.machine.dump.linear_count, 0);
	arena_free(&l.arena);
}

/* By the newer name or the older one; a kernel that has neither does not do it. */
static void room_for_what_is_added(void **state)
{
	static const struct {
		const char *file, *text;
		uint64_t room;
		bool is_known;
	} cases[] = {
		{ "sys/kernel/kexec/crash_elfcorehdr_size", "507904\n", 507904, true },
		{ "sys/kernel/crash_elfcorehdr_size", "507904\n", 507904, true },
		{ "sys/kernel/kexec_crash_size", "1\n", 0, true },
		{ "sys/kernel/crash_elfcorehdr_size", "many\n", 0, false },
		{ "sys/kernel/crash_elfcorehdr_size", "99999999999\n", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source files = TABLE_SOURCE({ CPU0, "3e83d800\n", 0, false },
			{ cases[i].file, cases[i].text, 0, false });
		struct looked l;

		look(&l, &files);
		assert_int_equal(!l.machine.dump.unknown, cases[i].is_known);
		if (cases[i].is_known)
			assert_int_equal(l.machine.dump.header_room, cases[i].room);
		arena_free(&l.arena);
	}
}

static void what_makes_no_sense_is_not_known(void **state)
{
	static const struct {
		const char *notes, *size, *layout, *cma, *reason;
		bool is_unreadable;
	} cases[] = {
		{ .notes = NULL, .reason = "no CPU tells" },
		{ .notes = "", .reason = "is no number" },
		{ .notes = "3e83d800x", .reason = "is no number" },
		{ .notes = "0", .reason = "in no System RAM" },
		{ .notes = "3fffffff0", .reason = "in no System RAM" },
		{ .notes = "ffffffffffffff00", .reason = "has no end" },
		{ .notes = "20001000", .reason = "in the memory for a crash kernel" },
		{ .notes = "3e83d800", .size = "0", .reason = "take 0 bytes" },
		{ .notes = "3e83d800", .size = "65537", .reason = "take 65537 bytes" },
		{ .notes = "3e83d800", .size = "many", .reason = "is no number: \"many\"" },
		{ .notes = "3e83d800", .layout = "", .reason = "is no address" },
		{ .notes = "3e83d800", .layout = "19b6000", .reason = "is no address" },
		{ .notes = "3e83d800", .layout = "19b6000 0", .reason = "it has 0 bytes" },
		{ .notes = "3e83d800", .layout = "19b6000 ffffffff", .reason = "4294967295 bytes" },
		{ .notes = "3e83d800",
			.layout = "ffffffffffffffff 1024",
			.reason = "is no address" },
		{ .notes = "3e83d800", .layout = "20000000 1024", .reason = "a crash kernel" },
		{ .notes = "3e83d800", .cma = "20\n", .reason = "no range of addresses" },
		{ .notes = "3e83d800", .cma = "20-10\n", .reason = "no range of addresses" },
		{ .notes = "3e83d800", .cma = "0-ffff\n", .reason = "in no System RAM" },
		{ .notes = "3e83d800", .is_unreadable = true, .reason = "cannot be read" },
	};
	struct looked l;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source files = TABLE_SOURCE(
			{ CPU0, cases[i].notes, 0, cases[i].is_unreadable },
			{ SIZE0, cases[i].size, 0, false }, { LAYOUT, cases[i].layout, 0, false },
			{ CMA, cases[i].cma, 0, false });

		look(&l, &files);
		assert_non_null(l.machine.dump.unknown);
		if (!strstr(l.machine.dump.unknown, cases[i].reason))
			fail_msg("%zu: %s", i, l.machine.dump.unknown);
		arena_free(&l.arena);
	}
}

static void capture(struct looked *l, const char *name)
{
	struct snapshot snapshot;
	struct error err;
	char path[512];

	*l = (struct looked){ 0 };
	snprintf(path, sizeof path, MACHINE_FOLDERS "/%s.machine", name);
	assert_true(snapshot_open(path, &snapshot, &err));
	assert_true(machine_capture(&snapshot.source, &l->arena, &l->machine, &err));
	assert_true(machine_capture_dump(&snapshot.source, &l->arena, &l->machine));
	snapshot_close(&snapshot);
	assert_null(l->machine.dump.unknown);
}

static void a_kernel_tells_its_addresses(void **state)
{
	const struct dump_facts *dump;
	struct looked l;

	(void)state;
	capture(&l, "q35-5g-crash-high");
	dump = &l.machine.dump;
	assert_int_equal(l.machine.crash.count, 2);
	assert_int_equal(dump->note_count, 3);
	assert_int_equal(dump->linear_count, 3);
	assert_int_equal(dump->linear[2].memory.start, GiB(4));
	assert_int_equal(dump->linear[2].virtual, 0xff25792040000000);
	assert_int_equal(dump->image.memory.start, 0x72600000);
	assert_int_equal(dump->image.memory.size, 0x2c30000);
	assert_int_equal(dump->image.virtual, 0xffffffff99600000);
	arena_free(&l.arena);
}

/* Cut anywhere, it tells all or nothing; of a maker that tells no addresses, nothing. */
static void half_a_table_of_addresses_is_none(void **state)
{
	struct arena arena = { 0 };
	struct dump_facts facts;
	struct snapshot snapshot;
	struct view head;
	struct error err;
	uint8_t *copy;

	(void)state;
	assert_true(snapshot_open(MACHINE_FOLDERS "/q35-1g-crash.machine", &snapshot, &err));
	assert_true(source_read(&snapshot.source, "proc/kcore", &arena, &head));
	snapshot_close(&snapshot);
	for (size_t n = 0; n < head.n; n++) {
		facts = (struct dump_facts){ 0 };
		assert_true(kcore_parse(view_first(head, n), &arena, &facts));
		assert_int_equal(facts.linear_count, 0);
	}
	facts = (struct dump_facts){ 0 };
	assert_true(kcore_parse(head, &arena, &facts));
	assert_int_equal(facts.linear_count, 2);

	copy = arena_alloc(&arena, head.n);
	memcpy(copy, head.p, head.n);
	for (size_t at = 64; at + 56 <= head.n; at += 56)
		memset(copy + at + 24, 0, 8);
	facts = (struct dump_facts){ 0 };
	assert_true(kcore_parse((struct view){ copy, head.n }, &arena, &facts));
	assert_int_equal(facts.linear_count, 0);
	arena_free(&arena);
}

/* 32-bit ARM: by where one of the kernel's symbols lies, in its own addresses and in memory. */
static void a_kernel_without_kcore_tells_a_symbol(void **state)
{
	static const struct {
		const char *symbols, *line;
		phys_t start, running;
		uint64_t virtual, size; /* 0: nothing is known */
	} cases[] = {
		{ "c0400000 T _stext\nc0400000 T __turn_mmu_on\n", "", GiB(1), 0x40208000,
			0xc0000000, MiB(760) },
		{ "c0208000 T _text\nc0400000 T _stext\n", "", GiB(1), 0x40208000, 0xc0000000,
			MiB(760) },
		/* Half of memory is the kernel's; it begins with its text. */
		{ "80100000 t _stext\n", "", 0, 0x8000, 0x80000000, MiB(760) },
		{ "c0400000 T _stext\n", "vmalloc=512M", GiB(1), 0x40208000, 0xc0000000,
			0x1600000 },
		/* They are hidden, cut, or none of a kernel's. */
		{ "00000000 T _stext\n", "", GiB(1), 0x40208000, 0, 0 },
		{ "c0400000 T _stext", "", GiB(1), 0x40208000, 0, 0 },
		{ "c0400000 T _stext_of_others\n", "", GiB(1), 0x40208000, 0, 0 },
		{ "ffffffc0400000 T _stext\n", "", GiB(1), 0x40208000, 0, 0 },
		{ "text T _stext\n", "", GiB(1), 0x40208000, 0, 0 },
		{ "", "", GiB(1), 0x40208000, 0, 0 },
		/* Memory begins elsewhere for the kernel. */
		{ "c0400000 T _stext\n", "", GiB(1), 0x40408000, 0, 0 },
		{ "c0400000 T _stext\n", "", GiB(1), 0x40108000, 0, 0 },
		{ "c0400000 T _stext\n", "", GiB(1) + MiB(1), 0x40208000, 0, 0 },
		{ "c0400000 T _stext\n", "", GiB(1), 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source files = TABLE_SOURCE({ CPU0, "43e83d80\n", 0, false },
			{ "proc/kallsyms", cases[i].symbols, 0, false });
		struct range arm_ram[] = { { cases[i].start, GiB(1) } };
		struct arena arena = { 0 };
		struct machine machine = { .arch = ARCH_ARM,
			.system_ram = { arm_ram, 1 },
			.command_line = cases[i].line };
		const struct dump_facts *dump = &machine.dump;

		if (cases[i].running)
			machine.running =
				range_between(cases[i].running, cases[i].start + 0x1600000);
		assert_true(machine_capture_dump(&files.source, &arena, &machine));
		assert_int_equal(dump->linear_count, cases[i].size != 0);
		if (cases[i].size) {
			assert_int_equal(dump->linear[0].memory.start, cases[i].start);
			assert_int_equal(dump->linear[0].memory.size, cases[i].size);
			assert_int_equal(dump->linear[0].virtual, cases[i].virtual);
		}
		/* No other CPU's kernel is asked for it. */
		machine.arch = ARCH_I386;
		assert_true(machine_capture_dump(&files.source, &arena, &machine));
		assert_int_equal(dump->linear_count, 0);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cpu_and_the_layout_are_notes),
		cmocka_unit_test(room_for_what_is_added),
		cmocka_unit_test(what_makes_no_sense_is_not_known),
		cmocka_unit_test(a_kernel_tells_its_addresses),
		cmocka_unit_test(half_a_table_of_addresses_is_none),
		cmocka_unit_test(a_kernel_without_kcore_tells_a_symbol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
