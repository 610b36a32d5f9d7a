/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A part that shares no page with another one is loaded from the file. Parts that share a page are
 * copied into one piece with the zeros between them.
 */
#include "boot/elf-place.h"

#include <string.h>

#include "base/arith.h"
#include "plan/place.h"

/* Zeros that are copied because a part shares its last page: in a kernel they are few. */
#define PIECE_MAX MiB(256)

/* The parts [first, end) of the ELF, which share pages, and these pages as they are linked. */
struct piece {
	size_t first, end;
	struct range pages;
};

static bool whole_pages(struct range r, uint64_t page, struct range *ret)
{
	uint64_t end;

	if (!ck_align_up(range_end(r), page, &end))
		return false;
	*ret = range_between(align_down(r.start, page), end);
	return true;
}

static bool next_piece(const struct elf *elf, size_t first, uint64_t page, struct piece *ret)
{
	struct range pages, next;
	size_t end = first + 1;

	if (!whole_pages(elf->loads[first].memory, page, &pages))
		return false;
	for (; end < elf->load_count; end++) {
		if (!whole_pages(elf->loads[end].memory, page, &next))
			return false;
		if (next.start >= range_end(pages))
			break;
		pages = range_between(pages.start, range_end(next));
	}
	*ret = (struct piece){ first, end, pages };
	return true;
}

static bool piece_bytes(const struct elf *elf, const struct piece *piece, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct elf_load *last = &elf->loads[piece->end - 1];
	uint64_t size = last->memory.start + last->bytes.n - piece->pages.start;
	struct block block = { 0 };

	if (piece->end - piece->first == 1 && last->memory.start == piece->pages.start) {
		*ret = last->bytes;
		return true;
	}
	if (size > PIECE_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its parts from %#llx on share pages over %llu MiB",
			(unsigned long long)piece->pages.start, (unsigned long long)(size >> 20));
	block = (struct block){ arena_alloc(arena, size), (size_t)size, false };
	if (!block.p)
		return fail_no_memory(err);
	for (size_t i = piece->first; i < piece->end; i++)
		block_put_bytes(&block, elf->loads[i].memory.start - piece->pages.start,
			elf->loads[i].bytes);
	*ret = (struct view){ block.p, block.n };
	return true;
}

/* offset is where it lies less where it was linked, modulo 2^64. */
static bool add_segments(
	struct planner *planner, const struct elf *elf, uint64_t offset, struct error *err)
{
	const char *why = offset ? "at the lowest free address that it can be moved to"
				 : "where it was linked";
	struct piece piece;
	struct view bytes;

	for (size_t i = 0; i < elf->load_count; i = piece.end) {
		if (!next_piece(elf, i, planner->machine->page_size, &piece) ||
			!piece_bytes(elf, &piece, planner->arena, &bytes, err))
			return false;
		if (!place_segment(planner,
			    (struct segment){ "kernel", bytes,
				    { piece.pages.start + offset, piece.pages.size }, why },
			    err))
			return false;
	}
	return true;
}

static bool find_place(struct planner *planner, const struct elf_placement *want,
	struct range linked, struct range *ret, struct error *err)
{
	bool fits = !want->relocatable ||
		(linked.start >= want->first && range_end(linked) - 1 <= want->last &&
			linked.start % want->align == 0);

	*ret = linked;
	if (fits && place_at(planner, (struct taken){ "the kernel", linked }))
		return true;
	if (!want->relocatable)
		return fail(err, place_fault(planner->request),
			"the kernel wants %llu bytes at %#llx, where it was linked, which are not "
			"free",
			(unsigned long long)linked.size, (unsigned long long)linked.start);
	return place(planner,
		&(struct placement){
			.name = "the kernel",
			.size = linked.size,
			.align = want->align,
			.min = want->first,
			.last = want->last,
		},
		ret, err);
}

bool elf_place(struct planner *planner, const struct elf_placement *want, struct range *ret,
	struct error *err)
{
	struct range linked, found;

	if (!whole_pages(want->elf->memory, planner->machine->page_size, &linked))
		return fail(err, FAULT_IMAGE_CORRUPT, "its parts end at the end of all memory");
	if (!find_place(planner, want, linked, &found, err) ||
		!add_segments(planner, want->elf, found.start - linked.start, err))
		return false;
	*ret = (struct range){ want->elf->memory.start + (found.start - linked.start),
		want->elf->memory.size };
	return true;
}
