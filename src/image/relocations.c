/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the groups, checks every entry, applies them. */
#include "image/relocations.h"

#include <endian.h>
#include <string.h>

#include "base/arith.h"

enum { WORD = 4, GROUPS_MIN = 2, GROUPS_MAX = 3 };

/* What an entry does to the word that it points to. */
struct kind {
	const char *name; /* for the error */
	size_t width;
	bool shrinks;
};

static const struct kind grow_64 = { "64-bit", 8, false };
static const struct kind shrink_32 = { "inverse 32-bit", 4, true };
static const struct kind grow_32 = { "32-bit", 4, false };

/* The i-th word; inside the view. */
static uint32_t word(struct view words, size_t i)
{
	uint32_t value;

	memcpy(&value, words.p + i * WORD, sizeof value);
	return le32toh(value);
}

/* The words between two zeros, or a zero and the end. */
static struct view between(struct view table, size_t zero, size_t end)
{
	return view_first(view_from(table, (zero + 1) * WORD), (end - zero - 1) * WORD);
}

/* The virtual address that an entry names, as linked. */
static uint64_t address_of(uint32_t entry)
{
	return (uint64_t)(int64_t)(int32_t)entry;
}

static uint64_t content(const uint8_t *at, size_t width)
{
	uint32_t half;
	uint64_t whole;

	if (width == sizeof half) {
		memcpy(&half, at, sizeof half);
		return (uint64_t)(int64_t)(int32_t)le32toh(half);
	}
	memcpy(&whole, at, sizeof whole);
	return le64toh(whole);
}

/*
 * An address in the kernel's map, or (in early page tables) the physical one, as linked. What
 * shrinks is the way from the kernel up to the end of the address space, where address 0 follows.
 */
static bool is_plausible(const struct kind *kind, uint64_t value)
{
	if (kind->shrinks)
		return value >= VMLINUX_MAP_SIZE && value < 2 * VMLINUX_MAP_SIZE;
	return value < VMLINUX_MAP_SIZE || value - VMLINUX_MAP < VMLINUX_MAP_SIZE;
}

static bool check_group(
	const struct vmlinux *kernel, const struct kind *kind, struct view words, struct error *err)
{
	size_t count = words.n / WORD;
	uint64_t at, value;

	if (count == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "a group of relocations (%s) is empty",
			kind->name);
	for (size_t i = 0; i < count; i++) {
		uint32_t entry = word(words, i);

		if (i > 0 && entry <= word(words, i - 1))
			return fail(err, FAULT_IMAGE_CORRUPT,
				"%s relocation %zu of %zu (%#x) is not above the one before it",
				kind->name, i + 1, count, entry);
		if (!vmlinux_file_offset(kernel, address_of(entry), kind->width, &at))
			return fail(err, FAULT_IMAGE_CORRUPT,
				"%s relocation %zu of %zu (%#x) lies outside of the kernel",
				kind->name, i + 1, count, entry);
		value = content(kernel->bytes.p + at, kind->width);
		if (!is_plausible(kind, value))
			return fail(err, FAULT_IMAGE_CORRUPT,
				"%s relocation %zu of %zu (%#x) points to %#llx, which is no "
				"address",
				kind->name, i + 1, count, entry, (unsigned long long)value);
	}
	return true;
}

/* The zeros that groups end on; the first word of the table is the last group's. */
static bool find_zeros(
	struct view table, size_t zeros[static GROUPS_MAX], size_t *ret, struct error *err)
{
	size_t words = table.n / WORD, count = 0;

	if (table.n % WORD || word(table, 0) != 0)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the %zu bytes behind the ELF file are no table of relocations", table.n);
	for (size_t i = 0; i < words; i++) {
		if (word(table, i) != 0)
			continue;
		if (count == GROUPS_MAX)
			return fail(err, FAULT_IMAGE_CORRUPT,
				"the table of relocations has more than %d groups", GROUPS_MAX);
		zeros[count++] = i;
	}
	if (count < GROUPS_MIN)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the table of relocations has %zu group, not two or three", count);
	*ret = count;
	return true;
}

bool relocations_parse(const struct vmlinux *kernel, struct relocations *ret, struct error *err)
{
	struct view table = view_from(kernel->bytes, kernel->elf_size);
	size_t words = table.n / WORD, zeros[GROUPS_MAX] = { 0 }, groups = GROUPS_MIN;
	struct relocations found = { .present = true };

	if (table.n == 0) {
		*ret = (struct relocations){ 0 };
		return true;
	}
	if (!find_zeros(table, zeros, &groups, err))
		return false;
	found.grow_64 = between(table, zeros[0], zeros[1]);
	if (groups == GROUPS_MAX)
		found.shrink_32 = between(table, zeros[1], zeros[2]);
	found.grow_32 = between(table, zeros[groups - 1], words);
	if (!check_group(kernel, &grow_64, found.grow_64, err) ||
		(groups == GROUPS_MAX && !check_group(kernel, &shrink_32, found.shrink_32, err)) ||
		!check_group(kernel, &grow_32, found.grow_32, err))
		return false;
	*ret = found;
	return true;
}

static void put(uint8_t *at, size_t width, uint64_t value)
{
	uint32_t half = htole32((uint32_t)value);
	uint64_t whole = htole64(value);

	memcpy(at, width == sizeof half ? (const void *)&half : &whole, width);
}

static void apply_group(const struct kind *kind, struct view words, const struct vmlinux *kernel,
	uint8_t *file, uint64_t offset)
{
	uint64_t change = kind->shrinks ? -offset : offset, at;

	for (size_t i = 0; i < words.n / WORD; i++)
		if (vmlinux_file_offset(kernel, address_of(word(words, i)), kind->width, &at))
			put(file + at, kind->width, content(file + at, kind->width) + change);
}

void relocations_apply(const struct relocations *relocations, const struct vmlinux *kernel,
	uint8_t *file, uint64_t offset)
{
	if (offset == 0)
		return;
	apply_group(&grow_64, relocations->grow_64, kernel, file, offset);
	apply_group(&shrink_32, relocations->shrink_32, kernel, file, offset);
	apply_group(&grow_32, relocations->grow_32, kernel, file, offset);
}
