/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The physical address space, piece by piece: what is loaded comes first, then who has a claim on the rest. */
#include <stdlib.h>

#include "arch/registry.h"
#include "preview/parts.h"

struct survey {
	struct arena *arena;
	struct preview_area *items;
	size_t count;
	struct ranges left; /* of which nothing is told yet */
};

static const char *const use_names[PREVIEW_USES] = {
	[PREVIEW_LOADED] = "loaded",
	[PREVIEW_ROOM] = "room",
	[PREVIEW_FREE] = "free",
	[PREVIEW_KEPT] = "kept",
	[PREVIEW_FIRMWARE] = "firmware",
};

const char *preview_use_name(enum preview_use use)
{
	return use_names[use];
}

static bool add(struct survey *s, struct range mem, const struct preview_area *as)
{
	s->items = arena_grow(s->arena, s->items, s->count, sizeof *s->items);
	if (!s->items)
		return false;
	s->items[s->count] = *as;
	s->items[s->count++].mem = mem;
	return true;
}

/* What of these is left is this. */
static bool claim(struct survey *s, const struct ranges *set, const struct preview_area *as)
{
	struct ranges part, own = { 0 };

	for (size_t i = 0; i < set->count; i++)
		if (!ranges_add(&own, s->arena, set->items[i]))
			return false;
	ranges_normalise(&own);
	if (!ranges_intersect(&s->left, &own, s->arena, &part) ||
		!ranges_subtract(&s->left, &own, s->arena, &s->left))
		return false;
	for (size_t i = 0; i < part.count; i++)
		if (!add(s, part.items[i], as))
			return false;
	return true;
}

static bool claim_one(struct survey *s, struct range mem, const struct preview_area *as)
{
	return claim(s, &(struct ranges){ &mem, 1 }, as);
}

/* Of a call by which the running kernel chooses the places there are neither segments nor rooms. */
static bool claim_plan(struct survey *s, const struct plan *plan)
{
	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *segment = &plan->segments[i];

		if (!claim_one(s, segment->mem,
			    &(struct preview_area){ .use = PREVIEW_LOADED,
				    .name = segment->name,
				    .why = segment->why }))
			return false;
	}
	for (size_t i = 0; i < plan->taken.count; i++)
		if (!claim_one(s, plan->taken.items[i].mem,
			    &(struct preview_area){ .use = PREVIEW_ROOM,
				    .name = plan->taken.items[i].name,
				    .why = "it needs this memory when it starts" }))
			return false;
	return true;
}

/* RAM that the running kernel has no use for. */
static bool unused_of(const struct machine *m, struct arena *arena, struct ranges *ret)
{
	*ret = (struct ranges){ 0 };
	return m->system_ram.count == 0 || ranges_subtract(&m->ram, &m->system_ram, arena, ret);
}

static struct ranges below(phys_t lowest, struct range *room)
{
	*room = range_between(0, lowest);
	return (struct ranges){ room, 1 };
}

/* Nothing but the crash kernel's own memory is touched once the running kernel is dead. */
static bool claim_for_crash(struct survey *s, const struct machine *m)
{
	const struct range own = m->crash.items[m->crash.count - 1];

	return claim_one(s, own, &(struct preview_area){ .use = PREVIEW_FREE, .name = "" }) &&
		claim(s, &m->crash,
			&(struct preview_area){ .use = PREVIEW_KEPT,
				.name = "a crash kernel",
				.why = "reserved for it, beside the piece in which it is loaded" }) &&
		claim(s, &m->ram,
			&(struct preview_area){ .use = PREVIEW_KEPT,
				.name = "the running kernel",
				.why = "a crash kernel leaves it as it is, for the dump" });
}

static bool claim_kept(struct survey *s, const struct job *job)
{
	const struct machine *m = &job->machine;
	const struct arch_ops *arch = arch_find(m->arch);
	struct ranges runtime, unused, low;
	struct range room, limits = job->request.limits;

	if (!efi_runtime_memory(&m->efi, s->arena, &runtime) || !unused_of(m, s->arena, &unused))
		return false;
	low = below(arch ? arch->lowest : 0, &room);
	const struct {
		const struct ranges *set;
		const char *name, *why;
	} rows[] = {
		{ &m->crash, "a crash kernel", "reserved for a kernel that is loaded for a panic" },
		{ &m->gic.tables, "the interrupt controller",
			"it writes to its tables until the machine is reset" },
		{ &runtime, "the firmware",
			"its runtime services, which the next kernel calls as well" },
		{ &unused, "somebody else",
			"the firmware calls it memory, and the running kernel does not use it" },
		{ &m->reserved, "the running kernel",
			"it shows this memory as reserved, or the device tree does" },
		{ &low, "low memory", "only what real mode must reach is placed so low" },
		{ &(struct ranges){ &(struct range){ 0, limits.start }, 1 }, "others",
			"it is outside of the limits that are asked for" },
		{ &(struct ranges){
			  &(struct range){ range_end(limits), PHYS_MAX - range_end(limits) }, 1 },
			"others", "it is outside of the limits that are asked for" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!claim(s, rows[i].set,
			    &(struct preview_area){ .use = PREVIEW_KEPT,
				    .name = rows[i].name,
				    .why = rows[i].why }))
			return false;
	return true;
}

static const struct {
	enum memory_type type;
	const char *name, *why;
} firmware_types[] = {
	{ MEMORY_ACPI_TABLES, "ACPI", "tables of ACPI" },
	{ MEMORY_ACPI_NVS, "ACPI", "memory that ACPI keeps over a sleep" },
	{ MEMORY_UNUSABLE, "nobody", "the firmware found it broken" },
	{ MEMORY_PERSISTENT, "persistent memory", "it keeps its content" },
	{ MEMORY_PERSISTENT_LEGACY, "persistent memory", "it keeps its content" },
	{ MEMORY_SOFT_RESERVED, "drivers", "memory of a special kind, kept for drivers" },
	{ MEMORY_RESERVED, "the firmware", "reserved" },
};

/* Where entries overlap, memory is what it is by none of them but RAM. */
static bool claim_firmware(struct survey *s, const struct machine *m)
{
	struct ranges other = { 0 };

	for (size_t i = 0; i < m->memory.count; i++)
		if (m->memory.items[i].type != MEMORY_RAM &&
			!ranges_add(&other, s->arena, m->memory.items[i].range))
			return false;
	ranges_normalise(&other);
	if (!ranges_subtract(&other, &m->ram, s->arena, &s->left))
		return false;
	for (size_t t = 0; t < sizeof firmware_types / sizeof *firmware_types; t++) {
		struct ranges of = { 0 };

		for (size_t i = 0; i < m->memory.count; i++)
			if (m->memory.items[i].type == firmware_types[t].type &&
				!ranges_add(&of, s->arena, m->memory.items[i].range))
				return false;
		if (!claim(s, &of,
			    &(struct preview_area){ .use = PREVIEW_FIRMWARE,
				    .name = firmware_types[t].name,
				    .why = firmware_types[t].why }))
			return false;
	}
	return true;
}

static int by_address(const void *x, const void *y)
{
	const struct preview_area *a = x, *b = y;

	return a->mem.start < b->mem.start ? -1 : a->mem.start > b->mem.start;
}

bool preview_areas(struct preview *preview, struct arena *arena)
{
	const struct job *job = preview->job;
	const struct machine *m = &job->machine;
	const bool crash = job->request.crash && m->crash.count;
	struct survey s = { .arena = arena };

	for (size_t i = 0; i < m->ram.count; i++)
		if (!ranges_add(&s.left, arena, m->ram.items[i]))
			return false;
	if (!claim_plan(&s, &job->plan) ||
		!(crash ? claim_for_crash(&s, m) : claim_kept(&s, job)) ||
		!claim(&s, &m->ram, &(struct preview_area){ .use = PREVIEW_FREE, .name = "" }) ||
		!claim_firmware(&s, m))
		return false;
	if (s.count)
		qsort(s.items, s.count, sizeof *s.items, by_address);
	preview->areas = s.items;
	preview->area_count = s.count;
	return true;
}
