/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which memory is whose; the headers themselves are elf-core.c's. */
#include "boot/crash-core.h"

#include <string.h>

#include "base/arith.h"
#include "boot/elf-core.h"
#include "plan/place.h"

#define LAST_OF_32_BITS (GiB(4) - 1)

struct builder {
	struct planner *planner;
	const struct crash_core_request *want;
	struct ranges reserved; /* for the crash kernel, all of it */
	struct ranges dead;     /* the rest of System RAM */
	struct ranges kept;     /* in reserved, not the crash kernel's to use */
	struct elf_core_load *loads;
	size_t load_count;
	struct crash_move *moves;
	size_t move_count;
};

static bool begin(struct builder *b, struct error *err)
{
	const struct machine *machine = b->planner->machine;
	struct arena *arena = b->planner->arena;

	for (size_t i = 0; i < machine->crash.count; i++)
		if (!ranges_add(&b->reserved, arena, machine->crash.items[i]))
			return fail_no_memory(err);
	for (size_t i = 0; i < machine->crash_cma.count; i++)
		if (!ranges_add(&b->reserved, arena, machine->crash_cma.items[i]))
			return fail_no_memory(err);
	ranges_normalise(&b->reserved);
	return ranges_subtract(&machine->system_ram, &b->reserved, arena, &b->dead) ||
		fail_no_memory(err);
}

/* Where the running kernel has this address among its own; NULL: nowhere. */
static const struct mapped *mapping_of(const struct machine *machine, phys_t address)
{
	for (size_t i = 0; i < machine->dump.linear_count; i++)
		if (range_has(machine->dump.linear[i].memory, address))
			return &machine->dump.linear[i];
	return NULL;
}

static bool add_load(struct builder *b, struct range memory, phys_t at, uint64_t virtual)
{
	b->loads = arena_grow(b->planner->arena, b->loads, b->load_count, sizeof *b->loads);
	if (!b->loads)
		return false;
	b->loads[b->load_count++] = (struct elf_core_load){ memory, at, virtual };
	return true;
}

/*
 * A piece that is found at `at`: in two where the running kernel's own addresses end inside of it, as i386's do.
 * They are of whole pages; what a piece has beyond its last one is told with it.
 */
static bool add_dead(struct builder *b, struct range memory, phys_t at)
{
	const struct machine *machine = b->planner->machine;

	while (memory.size) {
		const struct mapped *mapping = mapping_of(machine, memory.start);
		struct range part = mapping ? range_intersect(memory, mapping->memory) : memory;

		if (memory.size - part.size < machine->page_size)
			part = memory;
		if (!add_load(b, part, at,
			    mapping ? mapping->virtual + (part.start - mapping->memory.start) : 0))
			return false;
		at += part.size;
		memory = range_between(range_end(part), range_end(memory));
	}
	return true;
}

static bool add_move(struct builder *b, struct range from, phys_t to)
{
	b->moves = arena_grow(b->planner->arena, b->moves, b->move_count, sizeof *b->moves);
	if (!b->moves)
		return false;
	b->moves[b->move_count++] = (struct crash_move){ from, to };
	return true;
}

/* One piece of memory for all that is taken, in which it lies as it did. */
static bool add_taken(struct builder *b, const struct ranges *taken, struct error *err)
{
	const struct range first = taken->items[0], last = taken->items[taken->count - 1];
	struct planner *planner = b->planner;
	phys_t start = align_down(first.start, planner->machine->page_size);
	struct range room;

	if (!place(planner,
		    &(struct placement){ .name = "a copy of low memory",
			    .size = range_end(last) - start,
			    .last = b->want->last },
		    &room, err) ||
		!place_segment(planner,
			(struct segment){ "low memory", { 0 }, room,
				"what the dead kernel has in the memory that the crash kernel starts "
				"in is moved here" },
			err))
		return false;
	if (!ranges_add(&b->kept, planner->arena, room))
		return fail_no_memory(err);
	for (size_t i = 0; i < taken->count; i++) {
		struct range from = taken->items[i];
		phys_t to = room.start + (from.start - start);

		if (!add_move(b, from, to) || !add_dead(b, from, to))
			return fail_no_memory(err);
	}
	return true;
}

static bool add_loads(struct builder *b, struct error *err)
{
	const struct machine *machine = b->planner->machine;
	struct arena *arena = b->planner->arena;
	const struct mapped *image = &machine->dump.image;
	struct range limits = b->want->taken;
	struct ranges all = { &limits, limits.size ? 1 : 0 }, taken, rest;

	if (!ranges_intersect(&b->dead, &all, arena, &taken) ||
		!ranges_subtract(&b->dead, &taken, arena, &rest))
		return fail_no_memory(err);
	if (image->memory.size && !add_load(b, image->memory, image->memory.start, image->virtual))
		return fail_no_memory(err);
	if (taken.count && !add_taken(b, &taken, err))
		return false;
	for (size_t i = 0; i < rest.count; i++)
		if (!add_dead(b, rest.items[i], rest.items[i].start))
			return fail_no_memory(err);
	return true;
}

/*
 * As small as the dump allows where the machine has 32 bits, whose readers may know no other: Linux for armhf takes
 * no core in 64 bits at all (vmcore_elf64_check_arch).
 */
static bool is_32_bit(const struct builder *b)
{
	const struct machine *machine = b->planner->machine;

	switch (b->planner->request->quirks.core_class) {
	case CORE_CLASS_32:
		return true;
	case CORE_CLASS_64:
		return false;
	case CORE_CLASS_AUTO:
		break;
	}
	if (machine->arch == ARCH_ARM)
		return true;
	return machine->arch == ARCH_I386 &&
		(b->dead.count == 0 ||
			range_end(b->dead.items[b->dead.count - 1]) <= LAST_OF_32_BITS);
}

/*
 * Where the running kernel brings them up to date, all that it may come to (arch_crash_get_elfcorehdr_size in Linux,
 * without the file header).
 */
static uint64_t room_for(const struct builder *b, uint64_t size)
{
	const uint64_t room = b->planner->machine->dump.header_room;

	if (!b->planner->request->quirks.hotplug || !room)
		return size;
	return size > room + ELF_CORE_HEADER ? size : room + ELF_CORE_HEADER;
}

static bool add_headers(struct builder *b, struct crash_core *core, struct error *err)
{
	struct planner *planner = b->planner;
	const struct machine *machine = planner->machine;
	const struct elf_core made = {
		.is_32_bit = is_32_bit(b),
		.machine = cpu_of(machine->arch)->elf,
		.notes = machine->dump.notes,
		.note_count = machine->dump.note_count,
		.loads = b->loads,
		.load_count = b->load_count,
	};
	struct view bytes;

	planner->plan->updates_core =
		planner->request->quirks.hotplug && machine->dump.header_room != 0;
	if (!elf_core_make(&made, planner->arena, &bytes, err) ||
		!place(planner,
			&(struct placement){ .name = "the core headers",
				.size = room_for(b, bytes.n),
				.last = b->want->last },
			&core->headers, err) ||
		!place_segment(planner,
			(struct segment){ "core headers", bytes, core->headers,
				"in the lowest free memory; by them the crash kernel finds the dead one's "
				"memory",
				planner->plan->updates_core },
			err))
		return false;
	return ranges_add(&b->kept, planner->arena, core->headers) || fail_no_memory(err);
}

static bool add_usable(struct builder *b, struct crash_core *core, struct error *err)
{
	struct planner *planner = b->planner;
	struct ranges left;

	ranges_normalise(&b->kept);
	if (!ranges_subtract(&b->reserved, &b->kept, planner->arena, &left))
		return fail_no_memory(err);
	for (size_t i = 0; i < left.count; i++)
		if (!ranges_add(&core->usable, planner->arena,
			    range_shrink_to(left.items[i], planner->machine->page_size)))
			return fail_no_memory(err);
	ranges_normalise(&core->usable);
	return true;
}

/* The running kernel takes the segments in the last piece that is listed. */
static bool add_regions(const struct builder *b, struct crash_core *core)
{
	const struct ranges *crash = &b->planner->machine->crash;

	for (size_t i = crash->count; i > 0; i--)
		if (!ranges_add(&core->regions, b->planner->arena, crash->items[i - 1]))
			return false;
	return true;
}

static void note_what_is_missing(const struct planner *planner)
{
	const struct machine *machine = planner->machine;
	struct notes *notes = &planner->plan->notes;

	if (!machine->dump.has_layout)
		notes_add(notes,
			"/sys/kernel/vmcoreinfo is not there: tools that read a dump have to be given the "
			"dead kernel's symbols");
	if (machine->dump.linear_count == 0)
		notes_add(notes,
			"the running kernel does not tell its addresses of memory: a dump has physical "
			"ones only");
	if (machine->crash_cma.count == 0 && strstr(machine->command_line, ",cma"))
		notes_add(notes,
			"the running kernel does not tell which memory crashkernel=...,cma lends to "
			"processes: the crash kernel does without it, and it is part of the dump");
}

bool crash_core_add(struct planner *planner, const struct crash_core_request *want,
	struct crash_core *ret, struct error *err)
{
	struct builder b = { .planner = planner, .want = want };
	struct crash_core core = { 0 };

	if (planner->machine->dump.unknown)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"what core headers are made of is not known: %s",
			planner->machine->dump.unknown);
	if (planner->machine->dump.note_count == 0)
		return fail(
			err, FAULT_INTERNAL, "nothing was read of what core headers are made of");
	if (!begin(&b, err) || !add_loads(&b, err) || !add_headers(&b, &core, err) ||
		!add_usable(&b, &core, err))
		return false;
	if (!add_regions(&b, &core))
		return fail_no_memory(err);
	note_what_is_missing(planner);
	core.moves = b.moves;
	core.move_count = b.move_count;
	*ret = core;
	return true;
}

bool crash_core_copies(const struct crash_core *core, struct stub_copy copies[STUB_COPIES_MAX],
	uint32_t *ret_count, struct error *err)
{
	if (core->move_count > STUB_COPIES_MAX)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"the memory that a crash kernel starts in is in %zu pieces, and no more than %d are "
			"moved out of its way",
			core->move_count, STUB_COPIES_MAX);
	for (size_t i = 0; i < core->move_count; i++)
		copies[i] = (struct stub_copy){ core->moves[i].from.start, core->moves[i].to,
			core->moves[i].from.size };
	*ret_count = (uint32_t)core->move_count;
	return true;
}
