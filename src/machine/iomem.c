/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses /proc/iomem; knows which names mean memory that is taken, and no other file. */
#include "machine/iomem.h"

#include "base/arith.h"
#include "machine/text.h"

enum {
	INDENT = 2, /* blanks for each level: kernel/resource.c */
	IOMEM_LINES_MAX = 65536,
	NAME_SHOWN = 40, /* bytes of a bad line that an error shows */
};

/* How the names begin. The kernel's own code and data are not here: the next kernel replaces it. */
static const char *const taken[] = {
	"Crash kernel",
	"Reserved", /* "reserved" on arm64, inside System RAM */
	"Device reserved",
	"Soft Reserved",
	"ACPI ",
	"Persistent Memory",
	"Unusable memory",
};

/* "START-END" in hexadecimal, END inclusive. */
static bool parse_range(struct view v, struct range *ret)
{
	struct view first;
	uint64_t start, last;

	if (!text_cut(&v, '-', &first) || !text_hex(first, &start) || !text_hex(v, &last))
		return false;
	if (last < start)
		return false;
	/* A range cannot hold the very last byte of the address space; nothing lives there. */
	*ret = range_between(start, last == PHYS_MAX ? PHYS_MAX : last + 1);
	return true;
}

static bool parse_line(struct view line, struct iomem_line *ret)
{
	size_t blanks = 0;
	struct view addresses;

	while (blanks < line.n && line.p[blanks] == ' ')
		blanks++;
	line = view_from(line, blanks);
	if (blanks % INDENT || !text_cut(&line, ' ', &addresses) || !view_has_at(line, 0, ": "))
		return false;
	ret->depth = (unsigned)(blanks / INDENT);
	ret->name = view_from(line, 2);
	return parse_range(addresses, &ret->range);
}

static bool bad_line(size_t number, struct view line, struct error *err)
{
	struct view shown = view_first(line, NAME_SHOWN);

	return fail(err, FAULT_MACHINE_UNREADABLE,
		"/proc/iomem: line %zu is no range of addresses with a name: \"%.*s\"", number,
		(int)shown.n, (const char *)shown.p);
}

/* The kernel ends every line; a last one without its end was cut off. */
static bool check_ending(struct view text, struct error *err)
{
	if (text.n == 0)
		return fail(err, FAULT_MACHINE_UNREADABLE, "/proc/iomem is empty");
	if (text.p[text.n - 1] != '\n')
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/proc/iomem ends within a line, after %zu bytes", text.n);
	return true;
}

bool iomem_parse(struct view text, struct arena *arena, struct iomem *ret, struct error *err)
{
	struct iomem_line *lines = NULL;
	size_t count = 0;
	bool shown = false;
	struct view line;

	if (!check_ending(text, err))
		return false;
	while (text_line(&text, &line)) {
		if (count == IOMEM_LINES_MAX)
			return fail(err, FAULT_MACHINE_UNREADABLE,
				"/proc/iomem has more than %d lines", IOMEM_LINES_MAX);
		lines = arena_grow(arena, lines, count, sizeof *lines);
		if (!lines)
			return fail_no_memory(err);
		if (!parse_line(line, &lines[count]))
			return bad_line(count + 1, line, err);
		shown = shown || range_end(lines[count].range) > 1;
		count++;
	}
	if (!shown)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/proc/iomem hides its addresses: all of its %zu lines show zero", count);
	*ret = (struct iomem){ lines, count };
	return true;
}

bool iomem_crash(const struct iomem *iomem, struct arena *arena, struct ranges *ret)
{
	struct ranges found = { 0 };

	for (size_t i = 0; i < iomem->count; i++)
		if (text_is_any_case(iomem->lines[i].name, "Crash kernel") &&
			!ranges_add(&found, arena, iomem->lines[i].range))
			return false;
	*ret = found;
	return true;
}

struct range iomem_kernel(const struct iomem *iomem)
{
	struct range found = { 0 };

	for (size_t i = 0; i < iomem->count; i++) {
		struct range one = iomem->lines[i].range;

		if (!text_starts_any_case(iomem->lines[i].name, "Kernel "))
			continue;
		found = found.size ? range_between(min_u64(found.start, one.start),
					     max_u64(range_end(found), range_end(one)))
				   : one;
	}
	return found;
}

static bool is_taken(struct view name)
{
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (text_starts_any_case(name, taken[i]))
			return true;
	return false;
}

/*
 * On riscv64 and loong64 the running kernel reserves its own image as well. The last bytes of it,
 * behind its bss, have no other name.
 */
static bool continues_the_kernel(const struct iomem *iomem, size_t line)
{
	const struct iomem_line *lines = iomem->lines;

	return line > 0 && text_is_any_case(lines[line - 1].name, "Kernel bss") &&
		range_end(lines[line - 1].range) == lines[line].range.start;
}

bool iomem_reserved(const struct iomem *iomem, struct arena *arena, struct ranges *ret)
{
	struct ranges found = { 0 };

	for (size_t i = 0; i < iomem->count; i++)
		if (is_taken(iomem->lines[i].name) && !continues_the_kernel(iomem, i) &&
			!ranges_add(&found, arena, iomem->lines[i].range))
			return false;
	ranges_normalise(&found);
	*ret = found;
	return true;
}

bool iomem_ram(const struct iomem *iomem, struct arena *arena, struct ranges *ret)
{
	struct ranges found = { 0 };

	for (size_t i = 0; i < iomem->count; i++)
		if (text_starts_any_case(iomem->lines[i].name, "System RAM") &&
			!ranges_add(&found, arena, iomem->lines[i].range))
			return false;
	ranges_normalise(&found);
	*ret = found;
	return true;
}
