/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the tables of a GICv3 lie for LPIs: the kernel says so in its log, once for the property
 * table and once for each CPU's pending table (Linux's drivers/irqchip/irq-gic-v3-its.c), and
 * nowhere else. With EFI it has them reserved for good (LINUX_EFI_MEMRESERVE).
 */
#include "machine/facts.h"

#include "base/arith.h"

enum {
	/* Both kinds: LPI_PROPBASE_SZ and LPI_PENDBASE_SZ with the at most 16 bits Linux uses. */
	TABLE_SIZE = 64 * 1024,
	TABLES_MAX = 8192,      /* CPUs, and one more */
	EFI_RESERVES_SINCE = 5, /* Linux 5.0 */
};

/* The texts before an address; before Linux 5.0 the driver called itself GIC, or nothing. */
static const struct {
	const char *text;
	bool is_pending;
} marks[] = {
	{ "using LPI property table @", false },
	{ "using allocated LPI pending table @", true },
	{ "using reserved LPI pending table @", true },
	{ "using LPI pending table @", true },
};

/* What of v stands behind the first text in it; false when it is not there. */
static bool behind(struct view v, const char *text, struct view *ret)
{
	size_t n = view_of_string(text).n;

	for (size_t i = 0; n <= v.n && i <= v.n - n; i++) {
		if (!view_has_at(v, i, text))
			continue;
		*ret = view_from(v, i + n);
		return true;
	}
	return false;
}

static bool table_of(struct view line, struct range *ret, bool *ret_is_pending)
{
	struct view rest, word;
	uint64_t address;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!behind(line, marks[i].text, &rest) || !text_word(&rest, &word) ||
			!text_hex(word, &address) || !range_make(address, TABLE_SIZE, ret))
			continue;
		*ret_is_pending = marks[i].is_pending;
		return true;
	}
	return false;
}

/* What the lines of a log say. */
struct seen {
	struct ranges tables;
	size_t property, pending; /* tables that were named */
	bool from_the_start;      /* the log goes back to the first line of the boot */
};

static bool read_log(struct view log, struct arena *arena, struct seen *ret)
{
	struct seen seen = { 0 };
	struct view line, rest;

	while (text_line(&log, &line)) {
		struct range table;
		bool is_pending;

		seen.from_the_start |= behind(line, "Linux version ", &rest);
		if (!table_of(line, &table, &is_pending) || seen.tables.count == TABLES_MAX)
			continue;
		if (!ranges_add(&seen.tables, arena, table))
			return false;
		*(is_pending ? &seen.pending : &seen.property) += 1;
	}
	ranges_normalise(&seen.tables);
	*ret = seen;
	return true;
}

/* Whether the running kernel is new enough to reserve the tables with EFI. */
static bool efi_reserves(const struct gic_grounds *grounds)
{
	struct view release = view_of_string(grounds->release), major;
	uint64_t number;

	return grounds->efi && text_cut(&release, '.', &major) && text_decimal(major, &number) &&
		number >= EFI_RESERVES_SINCE;
}

/* LPIs come by way of an ITS only; without a tree one cannot tell whether there is one. */
static enum answer lpis_enabled(const struct gic_grounds *grounds, const struct seen *seen)
{
	if (seen->property || seen->pending)
		return ANSWER_YES;
	if (seen->from_the_start || (grounds->tree->has_gic_v3 && !grounds->tree->has_its))
		return ANSWER_NO;
	return ANSWER_UNKNOWN;
}

bool gic_read(struct view log, const struct gic_grounds *grounds, struct arena *arena,
	struct gic_facts *ret)
{
	struct gic_facts gic = { .is_v3 = true };
	struct seen seen;

	if (!read_log(log, arena, &seen))
		return false;
	gic.lpis_enabled = lpis_enabled(grounds, &seen);
	gic.tables = seen.tables;
	gic.tables_complete = gic.lpis_enabled == ANSWER_NO || efi_reserves(grounds) ||
		(seen.from_the_start && seen.property && seen.pending >= grounds->cpus);
	*ret = gic;
	return true;
}

/* The chips' names stand in /proc/interrupts as long as the machine runs. */
static bool is_v3(
	const struct source *source, struct arena *arena, const struct gic_grounds *grounds)
{
	struct view rest;

	return grounds->tree->has_gic_v3 ||
		behind(fact_text(source, arena, "proc/interrupts"), "GICv3", &rest) ||
		behind(fact_text(source, arena, "proc/interrupts"), "GIC-3", &rest);
}

bool gic_capture(const struct source *source, const struct gic_grounds *grounds,
	struct arena *arena, struct gic_facts *ret)
{
	if (!is_v3(source, arena, grounds)) {
		*ret = (struct gic_facts){ .lpis_enabled = ANSWER_NO, .tables_complete = true };
		return true;
	}
	return gic_read(fact_text(source, arena, "saut/kmsg"), grounds, arena, ret);
}
