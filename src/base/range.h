/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ranges of physical memory, half-open, and sets of them. All arithmetic on ranges is here.
 * A range never wraps: range_make is the only way from outside numbers to a range.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef uint64_t phys_t; /* a physical address; never a pointer */

#define PHYS_MAX UINT64_MAX

struct range {
	phys_t start;
	uint64_t size; /* bytes; 0 is the empty range */
};

/* A set of ranges. After ranges_normalise they are sorted, disjoint, not adjacent, not empty. */
struct ranges {
	struct range *items;
	size_t count;
};

/* False when start + size does not fit into 64 bits. */
bool range_make(phys_t start, uint64_t size, struct range *ret) __attribute__((warn_unused_result));

/* [start, end); empty when end <= start. */
struct range range_between(phys_t start, phys_t end);

phys_t range_end(struct range r); /* the first address behind it */
bool range_contains(struct range outer, struct range inner);
bool range_has(struct range r, phys_t address);
bool range_overlaps(struct range a, struct range b);
struct range range_intersect(struct range a, struct range b);

/* The largest range inside r whose ends are multiples of align, a power of two. */
struct range range_shrink_to(struct range r, uint64_t align);

/* Functions on sets: false only when memory is out. */
bool ranges_add(struct ranges *set, struct arena *a, struct range r)
	__attribute__((warn_unused_result));
void ranges_normalise(struct ranges *set);

/* ret = every address that is in from and not in what; both are normalised. */
bool ranges_subtract(const struct ranges *from, const struct ranges *what, struct arena *a,
	struct ranges *ret) __attribute__((warn_unused_result));

/* ret = every address that is in both; both are normalised. */
bool ranges_intersect(const struct ranges *x, const struct ranges *y, struct arena *a,
	struct ranges *ret) __attribute__((warn_unused_result));

/* Whether the whole of r lies in one range of the normalised set. */
bool ranges_contain(const struct ranges *set, struct range r);

uint64_t ranges_total(const struct ranges *set); /* bytes */
