/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/arrival.h"

#include "machine/flat-tree.h"
#include "machine/record-parameter.h"
#include "machine/text.h"

#define SETUP_DATA "sys/kernel/boot_params/setup_data"

/* "Documentation/arch/x86/boot.rst", type_of_loader: the number of the loader in the upper half. */
enum { LOADER_KEXEC = 0xd };

static enum answer by_loader_type(const struct source *source, struct arena *arena)
{
	struct view text;
	uint64_t type;

	if (!source_read(source, "proc/sys/kernel/bootloader_type", arena, &text) ||
		!text_decimal(text_trim(text), &type))
		return ANSWER_UNKNOWN;
	return type >> 4 == LOADER_KEXEC ? ANSWER_YES : ANSWER_NO;
}

/* A record's numbers have its CPU's byte order, which its first one tells. */
struct numbers {
	struct reader reader;
	bool big_endian;
};

static uint32_t next_32(struct numbers *n)
{
	return n->big_endian ? reader_be32(&n->reader) : reader_le32(&n->reader);
}

static uint64_t next_64(struct numbers *n)
{
	return n->big_endian ? reader_be64(&n->reader) : reader_le64(&n->reader);
}

static bool parse(struct view data, struct stub_record *ret)
{
	struct reader first = reader_at(data, 0);
	struct numbers n = { reader_at(data, 0), reader_be32(&first) == STUB_MAGIC };
	struct stub_record record = { 0 };

	record.magic = next_32(&n);
	record.version = next_32(&n);
	record.loaded = next_64(&n);
	record.entered = next_64(&n);
	record.verified = next_64(&n);
	record.left = next_64(&n);
	record.bytes = next_64(&n);
	record.check = next_32(&n);
	/* The kernel may have been loaded by an older Saut, whose record is the same so far. */
	if (data.n < sizeof record || record.magic != STUB_MAGIC || record.version == 0 ||
		record.version > STUB_VERSION)
		return false;
	*ret = record;
	return true;
}

static bool is_ours(const struct source *source, struct arena *arena, const char *node)
{
	const char *path = arena_printf(arena, SETUP_DATA "/%s/type", node);
	struct view text;
	uint64_t type;

	return path && source_read(source, path, arena, &text) &&
		text_hex(text_trim(text), &type) && type == STUB_MAGIC;
}

/* Where it cannot be read, the loader's number still tells how this kernel came. */
static bool find_record(const struct source *source, struct arena *arena, struct stub_record *ret)
{
	const char *const *names;

	if (!source_list(source, SETUP_DATA, arena, &names))
		return false;
	for (size_t i = 0; names[i]; i++) {
		const char *path = arena_printf(arena, SETUP_DATA "/%s/data", names[i]);
		struct view data;

		if (path && is_ours(source, arena, names[i]) &&
			source_read(source, path, arena, &data) && parse(data, ret))
			return true;
	}
	return false;
}

struct arrival arrival_find(const struct source *source, struct arena *arena)
{
	struct arrival arrival = { .by_kexec = by_loader_type(source, arena) };

	arrival.by_saut = find_record(source, arena, &arrival.record);
	if (arrival.by_saut)
		arrival.by_kexec = ANSWER_YES;
	return arrival;
}

static bool by_tree(const struct source *source, struct arena *arena, struct stub_record *ret)
{
	struct flat_tree tree;
	struct error ignored;
	struct view bytes;

	return source_read(source, "sys/firmware/fdt", arena, &bytes) &&
		flat_tree_open(bytes, arena, &tree, &ignored) &&
		parse(flat_tree_property(&tree, "/chosen", "saut,record"), ret);
}

/* Two digits a byte; false for anything else. */
static bool parse_digits(struct view digits, struct stub_record *ret)
{
	uint8_t bytes[sizeof *ret];
	uint64_t byte;

	if (digits.n != 2 * sizeof bytes)
		return false;
	for (size_t i = 0; i < sizeof bytes; i++) {
		if (!text_hex((struct view){ digits.p + 2 * i, 2 }, &byte))
			return false;
		bytes[i] = (uint8_t)byte;
	}
	return parse((struct view){ bytes, sizeof bytes }, ret);
}

/* Ours is the last of that name. */
static bool by_line(const struct source *source, struct arena *arena, struct stub_record *ret)
{
	static const char name[] = RECORD_PARAMETER "=";
	struct view line, word, digits = { 0 };

	if (!source_read(source, "proc/cmdline", arena, &line))
		return false;
	while (text_word(&line, &word))
		if (view_has_at(word, 0, name))
			digits = view_from(word, sizeof name - 1);
	return parse_digits(digits, ret);
}

bool arrival_by_what_is_handed_on(
	const struct source *source, struct arena *arena, struct stub_record *ret)
{
	return by_tree(source, arena, ret) || by_line(source, arena, ret);
}
