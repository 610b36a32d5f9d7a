/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Crash kernels by kexec_load: captured machines with memory for one → segments, core headers and what the
 * crash kernel is told of its memory, compared with tests/machines/NAME.crash.
 */
#include "arch/golden.h"

#include "image/elf-file.h"
#include "machine/flat-tree.h"

enum { TEXT_MAX = GOLDEN_MAX };

struct text {
	char bytes[TEXT_MAX];
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	t->used += (size_t)vsnprintf(t->bytes + t->used, TEXT_MAX - t->used, format, list);
	va_end(list);
	assert_true(t->used < TEXT_MAX);
}

static void begin(struct planned *p, const char *machine)
{
	struct snapshot snapshot;
	const char *path;

	planned_begin(p, machine);
	path = arena_printf(&p->arena, "%s/%s.machine", MACHINE_FOLDERS, machine);
	assert_true(snapshot_open(path, &snapshot, &p->error));
	assert_true(machine_capture_dump(&snapshot.source, &p->arena, &p->machine));
	snapshot_close(&snapshot);
	p->request.crash = true;
}

/* The words of an entry, in the order offset, virtual, physical, size. */
static bool read_entry(struct view core, unsigned which, uint64_t words[static 4])
{
	bool is_wide = core.p[4] == 2;
	struct reader r = reader_at(core, is_wide ? 64 + which * 56 : 52 + which * 32);
	bool is_note = reader_le32(&r) == 4;

	reader_skip(&r, is_wide ? 4 : 0);
	for (int i = 0; i < 4; i++)
		words[i] = is_wide ? reader_le64(&r) : reader_le32(&r);
	return is_note;
}

static void render_core(struct text *t, struct view core)
{
	struct reader head = reader_at(core, core.p[4] == 2 ? 56 : 44);
	unsigned count = reader_le16(&head);

	for (unsigned i = 0; i < count; i++) {
		uint64_t words[4];
		const char *kind = read_entry(core, i, words) ? "note" : "memory";

		add(t, "core: %s %#llx+%#llx at %#llx, virtual %#llx\n", kind,
			(unsigned long long)words[2], (unsigned long long)words[3],
			(unsigned long long)words[0], (unsigned long long)words[1]);
	}
}

/* The zero page's map, and the command line that it points to. */
static void render_x86(struct text *t, const struct segment *data)
{
	struct reader count = reader_at(data->data, 0x1e8), line = reader_at(data->data, 0x228);
	unsigned entries = reader_u8(&count);
	uint64_t at = reader_le32(&line);
	struct reader high = reader_at(data->data, 0xc8);

	at |= (uint64_t)reader_le32(&high) << 32;
	for (unsigned i = 0; i < entries; i++) {
		struct reader r = reader_at(data->data, 0x2d0 + i * 20);
		uint64_t start = reader_le64(&r), size = reader_le64(&r);

		add(t, "told: %#llx+%#llx type %u\n", (unsigned long long)start,
			(unsigned long long)size, reader_le32(&r));
	}
	add(t, "line: %s\n", (const char *)data->data.p + (at - data->mem.start));
}

/* What a kernel with a device tree is told there. */
static void render_tree(struct text *t, const struct segment *segment, struct arena *arena)
{
	static const struct {
		const char *node, *name;
	} told[] = {
		{ "/chosen", "linux,usable-memory-range" },
		{ "/chosen", "linux,elfcorehdr" },
		{ "/memory@0", "linux,usable-memory" },
	};
	struct flat_tree tree;
	struct range r;
	struct error err;

	assert_true(flat_tree_open(segment->data, arena, &tree, &err));
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		struct view value = flat_tree_property(&tree, told[i].node, told[i].name);

		if (value.n == 0)
			continue;
		add(t, "%s:", told[i].name);
		for (size_t at = 0; at < value.n; at++)
			add(t, at % 8 ? "%02x" : " %02x", value.p[at]);
		add(t, "\n");
	}
	for (int i = 0; flat_tree_reservation(tree.fdt, i, &r); i++)
		add(t, "keeps off: %#llx+%#llx\n", (unsigned long long)r.start,
			(unsigned long long)r.size);
}

static void render(struct text *t, struct planned *p)
{
	const struct segment *tree = planned_segment(p, "device tree");
	const struct segment *line = planned_segment(p, "command line");
	const struct segment *core = planned_segment(p, "core headers");
	const struct segment *data = planned_segment(p, "boot data");

	for (size_t i = 0; i < p->plan.segment_count; i++) {
		const struct segment *s = &p->plan.segments[i];

		add(t, "%#llx-%#llx %s, %zu bytes\n", (unsigned long long)s->mem.start,
			(unsigned long long)range_end(s->mem), s->name, s->data.n);
	}
	render_core(t, core->data);
	if (data)
		render_x86(t, data);
	if (tree)
		render_tree(t, tree, &p->arena);
	if (line)
		add(t, "line: %s\n", (const char *)line->data.p);
	for (size_t i = 0; i < p->plan.notes.count; i++)
		add(t, "note: %s\n", p->plan.notes.items[i]);
}

/* The running kernel takes nothing outside of what was reserved last. */
static void assert_inside(const struct planned *p)
{
	struct range last = p->machine.crash.items[p->machine.crash.count - 1];
	const struct plan *plan = &p->plan;

	assert_true(range_has(last, plan->entry));
	for (size_t i = 0; i < plan->segment_count; i++) {
		assert_true(range_contains(last, plan->segments[i].mem));
		for (size_t j = 0; j < i; j++)
			assert_false(range_overlaps(plan->segments[i].mem, plan->segments[j].mem));
	}
}

/* Headers, and what low memory is moved to, are nobody's to write to. */
static void assert_told_of_nothing_kept(const struct planned *p)
{
	const struct segment *data = planned_segment(p, "boot data");
	struct reader count = reader_at(data->data, 0x1e8);
	unsigned entries = reader_u8(&count);

	for (unsigned i = 0; i < entries; i++) {
		struct reader r = reader_at(data->data, 0x2d0 + i * 20);
		uint64_t start = reader_le64(&r);
		struct range told = { start, reader_le64(&r) };

		if (reader_le32(&r) != MEMORY_RAM)
			continue;
		assert_false(range_overlaps(told, planned_segment(p, "core headers")->mem));
		assert_false(range_overlaps(told, planned_segment(p, "low memory")->mem));
		assert_true(range_end(told) <= KiB(640) ||
			range_contains(p->machine.crash.items[0], told) ||
			range_contains(p->machine.crash.items[p->machine.crash.count - 1], told));
	}
}

static void plan_is_as_written(void **state)
{
	const char *machine = *state;
	struct text *text = calloc(1, sizeof *text);
	struct planned p;

	assert_non_null(text);
	begin(&p, machine);
	planned_choose_kernel(&p);
	planned_add_initrd(&p, MiB(30) + 123);
	planned_add_initrd(&p, 1000);
	assert_true(planned_make(&p));
	assert_inside(&p);
	if (cpu_arch_is_x86(p.machine.arch))
		assert_told_of_nothing_kept(&p);
	render(text, &p);
	golden_compare(machine, "crash", text->bytes);
	free(text);
	arena_free(&p.arena);
}

static void low_memory_is_moved_away(void **state)
{
	struct planned p;
	struct stub_args args;
	struct range to;

	(void)state;
	begin(&p, "q35-1g-crash");
	assert_true(planned_make(&p));
	args = planned_args(&p);
	to = planned_segment(&p, "low memory")->mem;
	assert_int_equal(args.copy_count, 1);
	assert_int_equal(args.copies[0].from, 0x1000);
	assert_int_equal(args.copies[0].size, 0x9ec00);
	assert_int_equal(args.copies[0].to, to.start);
	assert_true(range_contains(to, (struct range){ args.copies[0].to, args.copies[0].size }));
	arena_free(&p.arena);
}

/* Unless something else is asked for: a dying kernel may have written anywhere. */
static void what_is_loaded_is_verified_by_sha256(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.machine.cpu.sha = false;
	p.request.check = CHECK_AUTO;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).check, STUB_WORD_SHA256);
	p.request.check = CHECK_CRC32C;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).check, STUB_WORD_CRC32C);
	arena_free(&p.arena);
}

static void its_memory_can_stand_on_the_line(void **state)
{
	const struct segment *data;
	struct planned p;
	const char *line = NULL;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.request.quirks.memory_on_line = true;
	bz_set(&p.kernel, "cmdline_size", 2047);
	assert_true(planned_make(&p));
	data = planned_segment(&p, "boot data");
	line = memmem(data->data.p, data->data.n, "memmap=exactmap", 15);
	assert_non_null(line);
	assert_non_null(strstr(line, " memmap=0x9ec00@0x1000 "));
	assert_non_null(strstr(line, " memmap=0x40000$0xfffc0000 "));
	assert_non_null(strstr(line, " elfcorehdr=0x"));
	arena_free(&p.arena);
}

static bool is_verified(const struct planned *p, phys_t address)
{
	const struct stub_args args = planned_args(p);

	for (size_t i = 0; i < args.region_count; i++)
		if (address >= args.regions[i].start &&
			address < args.regions[i].start + args.regions[i].size)
			return true;
	return false;
}

/* The running kernel rewrites them: with room for all that may come, and not verified. */
static void headers_have_room_where_they_are_kept_up_to_date(void **state)
{
	const struct segment *core;
	struct planned p;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.machine.dump.header_room = 500000;
	assert_true(planned_make(&p));
	core = planned_segment(&p, "core headers");
	assert_true(!p.plan.updates_core && core->mem.size < 500000);
	assert_true(is_verified(&p, core->mem.start));
	p.request.quirks.hotplug = true;
	assert_true(planned_make(&p));
	core = planned_segment(&p, "core headers");
	assert_true(p.plan.updates_core && core->mem.size >= 500064);
	assert_false(is_verified(&p, core->mem.start));
	assert_true(is_verified(&p, planned_segment(&p, "kernel")->mem.start));
	assert_int_equal(p.plan.notes.count, 0);
	p.machine.dump.header_room = 0;
	assert_true(planned_make(&p));
	core = planned_segment(&p, "core headers");
	assert_false(p.plan.updates_core);
	assert_true(is_verified(&p, core->mem.start));
	assert_int_equal(p.plan.notes.count, 1);
	assert_non_null(strstr(p.plan.notes.items[0], "CONFIG_CRASH_HOTPLUG"));
	arena_free(&p.arena);
}

/* What is locked down, or wants signatures, loads by kexec_file_load alone, and says so. */
static void signatures_are_wanted_by_file_load_alone(void **state)
{
	static const char *const machines[] = { "q35-1g-crash", "q35-5g-crash-high",
		"arm64-gicv3-crash" };
	static const struct {
		enum lockdown lockdown;
		enum answer secure_boot;
		const char *why;
	} cases[] = {
		{ LOCKDOWN_INTEGRITY, ANSWER_NO, "locked down" },
		{ LOCKDOWN_CONFIDENTIALITY, ANSWER_YES, "locked down" },
		{ LOCKDOWN_NONE, ANSWER_YES, "signature is verified" },
	};

	(void)state;
	for (size_t i = 0; i < 3 * 3; i++) {
		struct planned p;

		begin(&p, machines[i / 3]);
		planned_choose_kernel(&p);
		p.request.call = CALL_AUTO;
		p.machine.kexec.file_load = ANSWER_YES;
		p.machine.kexec.lockdown = cases[i % 3].lockdown;
		p.machine.kexec.secure_boot = cases[i % 3].secure_boot;
		if (!planned_make(&p))
			fail_msg("%s: %s", machines[i / 3], p.error.reason);
		assert_int_equal(p.plan.call, CALL_FILE_LOAD);
		assert_non_null(strstr(p.plan.call_reason, cases[i % 3].why));
		arena_free(&p.arena);
	}
}

static void limits_are_respected(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.request.limits = range_between(0x35000000, 0x3c000000);
	assert_true(planned_make(&p));
	for (size_t i = 0; i < p.plan.segment_count; i++)
		assert_true(range_contains(p.request.limits, p.plan.segments[i].mem));
	p.request.limits = range_between(0, 0x33000000);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_CRASH_MEMORY);
	arena_free(&p.arena);
}

static void what_does_not_fit_is_told_in_numbers(void **state)
{
	static struct range small = { 0x32000000, MiB(40) };
	struct planned p;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.machine.crash = (struct ranges){ &small, 1 };
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_CRASH_MEMORY);
	assert_reason(p.error,
		"the kernel needs 58720256 bytes of the memory reserved for a crash kernel");
	assert_reason(p.error, "has 41943040");
	arena_free(&p.arena);
}

static void a_kernel_that_stays_where_it_was_linked_is_refused(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, "q35-1g-crash");
	bz_set(&p.kernel, "relocatable_kernel", 0);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_CRASH_MEMORY);
	assert_reason(p.error, "not relocatable");
	arena_free(&p.arena);
}

static void without_what_headers_are_made_of_nothing_is_loaded(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.machine.dump.unknown = "/sys/kernel/vmcoreinfo is no address with a size behind it";
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_MACHINE_UNREADABLE);
	assert_reason(p.error, "vmcoreinfo");
	arena_free(&p.arena);
}

static void memory_that_drivers_would_take_is_reserved(void **state)
{
	struct planned p;
	struct memory_entry entries[16];
	const struct segment *data;
	bool seen = false;

	(void)state;
	begin(&p, "q35-1g-crash");
	assert_true(p.machine.memory.count < 16);
	memcpy(entries, p.machine.memory.items, p.machine.memory.count * sizeof *entries);
	entries[p.machine.memory.count++] =
		(struct memory_entry){ { GiB(8), GiB(1) }, MEMORY_SOFT_RESERVED };
	p.machine.memory.items = entries;
	assert_true(planned_make(&p));
	data = planned_segment(&p, "boot data");
	for (unsigned i = 0; i < 32; i++) {
		struct reader r = reader_at(data->data, 0x2d0 + i * 20);

		if (reader_le64(&r) != GiB(8))
			continue;
		reader_skip(&r, 8);
		assert_int_equal(reader_le32(&r), MEMORY_RESERVED);
		seen = true;
	}
	assert_true(seen);
	arena_free(&p.arena);
}

/* In whole pages of 2 MiB, from what it was linked to. */
static void a_vmlinux_is_moved_into_that_memory(void **state)
{
	struct planned p;
	phys_t start;

	(void)state;
	begin(&p, "q35-1g-crash");
	p.kernel = ef_make(&p.arena, true);
	ef_add_banner(&p.kernel);
	ef_set_in(&p.kernel, 1, "p_paddr", MiB(16));
	ef_set(&p.kernel, "p_paddr", MiB(17));
	ef_set(&p.kernel, "entry", MiB(16) + 0x20);
	assert_true(planned_make(&p));
	start = planned_segment(&p, "kernel")->mem.start;
	assert_int_equal(start, 0x32000000);
	assert_int_equal(planned_args(&p).entry, start + 0x20);
	assert_inside(&p);

	/* What is no Linux knows nothing of that, and is not told of a dead kernel. */
	p.request.arguments = ARGUMENTS_ELF;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_CRASH_NOT_LINUX);
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(low_memory_is_moved_away),
		cmocka_unit_test(what_is_loaded_is_verified_by_sha256),
		cmocka_unit_test(its_memory_can_stand_on_the_line),
		cmocka_unit_test(headers_have_room_where_they_are_kept_up_to_date),
		cmocka_unit_test(signatures_are_wanted_by_file_load_alone),
		cmocka_unit_test(limits_are_respected),
		cmocka_unit_test(what_does_not_fit_is_told_in_numbers),
		cmocka_unit_test(a_kernel_that_stays_where_it_was_linked_is_refused),
		cmocka_unit_test(without_what_headers_are_made_of_nothing_is_loaded),
		cmocka_unit_test(memory_that_drivers_would_take_is_reserved),
		cmocka_unit_test(a_vmlinux_is_moved_into_that_memory),
	};
	int golden = golden_run("crash", plan_is_as_written);

	return cmocka_run_group_tests(tests, NULL, NULL) || golden;
}
