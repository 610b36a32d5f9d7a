/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a dead kernel's registers and layout are found (Documentation/ABI/testing/sysfs-devices-system-cpu,
 * sysfs-kernel-vmcoreinfo): addresses in its memory, which nobody can try out before it is dead, so that all
 * that is told of them is held against the memory that there is.
 */
#include "base/arith.h"
#include "machine/arm-addresses.h"
#include "machine/facts.h"
#include "machine/kcore.h"

enum {
	NOTE_MIN = 12,        /* an ELF note's own header */
	NOTE_MAX = 64 << 10,  /* of one CPU; Linux's are below 1 KiB */
	NOTE_USUAL = 1024,    /* where the size is not told, as before 3.7 */
	LAYOUT_MAX = 1 << 20, /* of VMCOREINFO; Linux's is 4 KiB */
	ROOM_MAX = 64 << 20,  /* for 65534 CPUs and pieces of memory 3.5 MiB suffice */
	CPUS_MAX = 16384,
	TEXT_SHOWN = 24,
};

#define CPUS   "sys/devices/system/cpu"
#define LAYOUT "sys/kernel/vmcoreinfo"
#define CMA    "sys/kernel/kexec/crash_cma_ranges"

/* Documentation/ABI/testing/sysfs-kernel-kexec-kdump, by both of its names; without CONFIG_CRASH_HOTPLUG neither is there. */
static const char *const room_files[] = {
	"sys/kernel/kexec/crash_elfcorehdr_size",
	"sys/kernel/crash_elfcorehdr_size",
};

struct capture {
	const struct source *source;
	struct arena *arena;
	const struct machine *machine;
	struct range *notes;
	size_t count;
	bool has_layout;
};

/* In memory that the running kernel has, and that no crash kernel will be laid over. */
static bool check_place(
	const struct capture *c, const char *path, struct range r, struct error *err)
{
	const struct ranges *crash = &c->machine->crash;

	if (!ranges_contain(&c->machine->system_ram, r))
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/%s: the %llu bytes at %#llx are in no System RAM", path,
			(unsigned long long)r.size, (unsigned long long)r.start);
	for (size_t i = 0; i < crash->count; i++)
		if (range_overlaps(crash->items[i], r))
			return fail(err, FAULT_MACHINE_UNREADABLE,
				"/%s: the %llu bytes at %#llx are in the memory for a crash kernel",
				path, (unsigned long long)r.size, (unsigned long long)r.start);
	return true;
}

static bool add_note(struct capture *c, const char *path, struct range note, struct error *err)
{
	if (c->count == CPUS_MAX)
		return fail(
			err, FAULT_MACHINE_UNREADABLE, "/" CPUS " has more than %d CPUs", CPUS_MAX);
	if (!check_place(c, path, note, err))
		return false;
	c->notes = arena_grow(c->arena, c->notes, c->count, sizeof *c->notes);
	if (!c->notes)
		return fail_no_memory(err);
	c->notes[c->count++] = note;
	return true;
}

static bool not_a_number(const char *path, struct view text, struct error *err)
{
	struct view shown = view_first(text, TEXT_SHOWN);

	return fail(err, FAULT_MACHINE_UNREADABLE, "/%s is no number: \"%.*s\"", path, (int)shown.n,
		(const char *)shown.p);
}

static bool read_size(const struct capture *c, const char *path, uint64_t *ret, struct error *err)
{
	struct view text;

	if (!source_take(c->source, path, c->arena, &text, err))
		return fact_unreadable(err);
	*ret = NOTE_USUAL;
	if (text.p && !text_decimal(text_trim(text), ret))
		return not_a_number(path, text_trim(text), err);
	if (*ret < NOTE_MIN || *ret > NOTE_MAX)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/%s: a CPU's registers take %llu bytes, and it must be %d to %d", path,
			(unsigned long long)*ret, NOTE_MIN, NOTE_MAX);
	return true;
}

/* A CPU that tells nothing is none that could run: it has been taken out. */
static bool read_cpu(struct capture *c, const char *name, struct error *err)
{
	const char *notes = arena_printf(c->arena, CPUS "/%s/crash_notes", name);
	const char *size = arena_printf(c->arena, CPUS "/%s/crash_notes_size", name);
	struct view text;
	struct range note;
	uint64_t start, length;

	if (!notes || !size)
		return fail_no_memory(err);
	if (!source_take(c->source, notes, c->arena, &text, err))
		return fact_unreadable(err);
	if (!text.p)
		return true;
	if (!text_hex(text_trim(text), &start))
		return not_a_number(notes, text_trim(text), err);
	if (!read_size(c, size, &length, err))
		return false;
	if (!range_make(start, length, &note))
		return fail(err, FAULT_MACHINE_UNREADABLE, "/%s: it has no end", notes);
	return add_note(c, notes, note, err);
}

static bool is_cpu(const char *name)
{
	struct view v = view_of_string(name);
	uint64_t number;

	return view_has_at(v, 0, "cpu") && text_decimal(view_from(v, 3), &number);
}

static bool read_cpus(struct capture *c, struct error *err)
{
	const char *const *names;

	if (!source_take_names(c->source, CPUS, c->arena, &names, err))
		return fact_unreadable(err);
	for (; names && *names; names++)
		if (is_cpu(*names) && !read_cpu(c, *names, err))
			return false;
	if (c->count == 0)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"no CPU tells where it will leave its registers: /" CPUS
			"/cpu*/crash_notes is not there");
	return true;
}

/* "ADDRESS SIZE", both hexadecimal. */
static bool read_layout(struct capture *c, struct error *err)
{
	struct view text, address, size;
	uint64_t start, length;
	struct range note;

	if (!source_take(c->source, LAYOUT, c->arena, &text, err))
		return fact_unreadable(err);
	if (!text.p)
		return true;
	if (!text_word(&text, &address) || !text_word(&text, &size) || !text_hex(address, &start) ||
		!text_hex(size, &length) || !range_make(start, length, &note))
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/" LAYOUT " is no address with a size behind it");
	if (length < NOTE_MIN || length > LAYOUT_MAX)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/" LAYOUT ": it has %llu bytes, and it must be %d to %d",
			(unsigned long long)length, NOTE_MIN, LAYOUT_MAX);
	c->has_layout = add_note(c, LAYOUT, note, err);
	return c->has_layout;
}

/* "FIRST-LAST" a line, hexadecimal. */
static bool read_cma(const struct capture *c, struct ranges *ret, struct error *err)
{
	struct ranges found = { 0 };
	struct view text, line, first;
	uint64_t start, last;

	if (!source_take(c->source, CMA, c->arena, &text, err))
		return fact_unreadable(err);
	while (text.p && text_line(&text, &line)) {
		if (!text_cut(&line, '-', &first) || !text_hex(text_trim(first), &start) ||
			!text_hex(text_trim(line), &last) || last < start || last == PHYS_MAX)
			return fail(err, FAULT_MACHINE_UNREADABLE,
				"/" CMA " has a line that is no range of addresses");
		if (!check_place(c, CMA, range_between(start, last + 1), err))
			return false;
		if (!ranges_add(&found, c->arena, range_between(start, last + 1)))
			return fail_no_memory(err);
	}
	ranges_normalise(&found);
	*ret = found;
	return true;
}

static bool read_room(const struct capture *c, uint64_t *ret, struct error *err)
{
	struct view text = { 0 };
	const char *file = NULL;

	for (size_t i = 0; !text.p && i < sizeof room_files / sizeof *room_files; i++) {
		file = room_files[i];
		if (!source_take(c->source, file, c->arena, &text, err))
			return fact_unreadable(err);
	}
	*ret = 0;
	if (text.p && !text_decimal(text_trim(text), ret))
		return not_a_number(file, text_trim(text), err);
	if (*ret > ROOM_MAX)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/%s: core headers take %llu bytes, and it must be no more than %d", file,
			(unsigned long long)*ret, ROOM_MAX);
	return true;
}

bool machine_capture_dump(const struct source *source, struct arena *arena, struct machine *machine)
{
	struct capture c = { .source = source, .arena = arena, .machine = machine };
	struct dump_facts facts = { 0 };
	struct view head = { 0 };
	struct error err = { 0 };

	if (machine->no_memory)
		facts.unknown = machine->no_memory;
	else if (!read_cpus(&c, &err) || !read_layout(&c, &err) ||
		!read_room(&c, &facts.header_room, &err) ||
		!read_cma(&c, &machine->crash_cma, &err))
		facts.unknown = arena_string(arena, view_of_string(err.reason));
	if (err.fault == FAULT_NO_MEMORY || (err.fault != FAULT_NONE && !facts.unknown))
		return false;
	facts.notes = c.notes;
	facts.note_count = c.count;
	facts.has_layout = c.has_layout;
	/* Without these addresses a dump is one all the same: readers have them of VMCOREINFO. */
	if (source->look(source, "proc/kcore", KCORE_HEAD_MAX, arena, &head, &err) == IS_THERE &&
		!kcore_parse(head, arena, &facts))
		return false;
	if (machine->arch == ARCH_ARM && facts.linear_count == 0 &&
		source->look(source, "proc/kallsyms", KALLSYMS_HEAD_MAX, arena, &head, &err) ==
			IS_THERE &&
		!arm_addresses_parse(head, machine, arena, &facts))
		return false;
	machine->dump = facts;
	return true;
}
