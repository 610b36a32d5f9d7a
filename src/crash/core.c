/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads headers, notes and memory; knows nothing of what lies in that memory. */
#include "crash/core.h"

#include <string.h>

#include "base/arith.h"
#include "crash/core-moves.h"

enum {
	IDENT_CLASS = 4, /* then byte order and version */
	IDENT_SIZE = 16,
	CLASS_32 = 1,
	CLASS_64 = 2,
	LITTLE = 1,
	BIG = 2,
	TYPE_AT = 16,
	TYPE_CORE = 4,
	MACHINE_AT = 18,
	MACHINE_386 = 3,
	PART_LOAD = 1,
	PART_NOTE = 4,
	/* What e_phnum says where the table has that many entries or more: the first section's sh_info has the number. */
	MANY = 0xffff,
	PARTS_MAX = 1 << 20,
	NOTES_MAX = 1 << 20,
	NOTE_HEADER = 12,
	INFO_MAX = 1 << 20,
};

/* Where the fields are: of a file of 32 bits and of one of 64. */
static const struct layout {
	unsigned word, header_size;
	unsigned parts_at, sections_at, part_size_at, part_count_at;
	unsigned part_size, offset, virtual_address, physical, file_size, memory_size;
	unsigned section_size, section_info;
} layouts[] = {
	{ 4, 52, 28, 32, 42, 44, 32, 4, 8, 12, 16, 20, 40, 28 },
	{ 8, 64, 32, 40, 54, 56, 56, 8, 16, 24, 32, 40, 64, 44 },
};

enum { HEADER_MAX = 64, PART_MAX = 56 };

struct part {
	uint32_t type;
	struct core_load load;
};

struct parts {
	uint64_t at, count;
};

uint64_t core_number(const struct core *core, struct view bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.n; i++)
		value = value << 8 | bytes.p[core->is_big_endian ? i : bytes.n - 1 - i];
	return value;
}

uint64_t core_field(const struct core *core, struct view bytes, uint64_t at, unsigned size)
{
	struct view field;

	return view_sub(bytes, at, size, &field) ? core_number(core, field) : 0;
}

static const struct layout *layout_of(const struct core *core)
{
	return &layouts[core->is_64_bit];
}

/* Of bytes that the file must have, since it says so itself. */
static bool read_file(const struct core *core, uint64_t offset, struct block *to, struct error *err)
{
	uint64_t end;

	if (!ck_add(offset, to->n, &end) || end > core->file->size)
		return fail(err, FAULT_CORE_DAMAGED,
			"%zu bytes at %#llx of it are wanted, and it ends at byte %llu", to->n,
			(unsigned long long)offset, (unsigned long long)core->file->size);
	return core->file->read(core->file, offset, to, err);
}

/* What else such a file may be. */
static const struct kind {
	const char *begins, *name;
} packed[] = {
	{ "KDUMP   ", "a compressed dump of makedumpfile" },
	{ "DISKDUMP", "a compressed dump of diskdump" },
	{ "makedumpfile", "a flattened dump of makedumpfile" },
};

static bool read_ident(struct core *core, struct error *err)
{
	uint8_t ident[IDENT_SIZE];
	struct view v = { ident, sizeof ident };

	if (core->file->size < sizeof ident)
		return fail(err, FAULT_CORE_UNKNOWN, "it has only %llu bytes",
			(unsigned long long)core->file->size);
	if (!read_file(core, 0, &(struct block){ ident, sizeof ident }, err))
		return false;
	for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++)
		if (view_has_at(v, 0, packed[i].begins))
			return fail(
				err, FAULT_CORE_PACKED, "it is %s, no ELF file", packed[i].name);
	if (!view_has_at(v, 0, "\177ELF"))
		return fail(err, FAULT_CORE_UNKNOWN, "it is no ELF file");
	core->is_64_bit = ident[IDENT_CLASS] == CLASS_64;
	core->is_big_endian = ident[IDENT_CLASS + 1] == BIG;
	if ((ident[IDENT_CLASS] != CLASS_32 && !core->is_64_bit) ||
		(ident[IDENT_CLASS + 1] != LITTLE && !core->is_big_endian) ||
		ident[IDENT_CLASS + 2] != 1)
		return fail(err, FAULT_CORE_UNKNOWN,
			"it is an ELF file of an unknown kind (class %u, byte order %u, version %u)",
			ident[IDENT_CLASS], ident[IDENT_CLASS + 1], ident[IDENT_CLASS + 2]);
	return true;
}

static bool read_part_count(
	const struct core *core, struct view header, uint64_t *ret, struct error *err)
{
	const struct layout *l = layout_of(core);
	uint8_t section[HEADER_MAX];
	uint64_t at = core_field(core, header, l->sections_at, l->word);

	*ret = core_field(core, header, l->part_count_at, 2);
	if (*ret != MANY || at == 0)
		return true;
	if (!read_file(core, at, &(struct block){ section, l->section_size }, err))
		return false;
	*ret = core_field(
		core, (struct view){ section, l->section_size }, l->section_info, sizeof(uint32_t));
	return true;
}

static bool read_header(struct core *core, struct parts *ret, struct error *err)
{
	const struct layout *l = layout_of(core);
	uint8_t bytes[HEADER_MAX];
	struct view header = { bytes, l->header_size };
	uint64_t type, entry;

	if (!read_file(core, 0, &(struct block){ bytes, l->header_size }, err))
		return false;
	type = core_field(core, header, TYPE_AT, 2);
	if (type != TYPE_CORE)
		return fail(err, FAULT_CORE_UNKNOWN,
			"it is no image of memory but an ELF file of type %llu",
			(unsigned long long)type);
	core->machine = (uint16_t)core_field(core, header, MACHINE_AT, 2);
	/* A 32-bit kernel with more than 4 GiB has its core told in 64 bits. */
	core->word = core->machine == MACHINE_386 ? 4 : l->word;
	ret->at = core_field(core, header, l->parts_at, l->word);
	entry = core_field(core, header, l->part_size_at, 2);
	if (!read_part_count(core, header, &ret->count, err))
		return false;
	if (entry != l->part_size || ret->count == 0 || ret->count > PARTS_MAX)
		return fail(err, FAULT_CORE_DAMAGED, "it has %llu program headers of %llu bytes",
			(unsigned long long)ret->count, (unsigned long long)entry);
	return true;
}

static bool read_part(const struct core *core, uint64_t at, struct part *ret, struct error *err)
{
	const struct layout *l = layout_of(core);
	uint8_t bytes[PART_MAX];
	struct view v = { bytes, l->part_size };

	if (!read_file(core, at, &(struct block){ bytes, l->part_size }, err))
		return false;
	*ret = (struct part){ .type = (uint32_t)core_field(core, v, 0, sizeof(uint32_t)) };
	ret->load.offset = core_field(core, v, l->offset, l->word);
	ret->load.virtual_address = core_field(core, v, l->virtual_address, l->word);
	ret->load.physical = core_field(core, v, l->physical, l->word);
	ret->load.file_size = core_field(core, v, l->file_size, l->word);
	ret->load.memory_size = core_field(core, v, l->memory_size, l->word);
	/* /proc/kcore tells sizes in the file alone for what it cannot know. */
	if (ret->load.memory_size < ret->load.file_size)
		ret->load.memory_size = ret->load.file_size;
	return true;
}

/* *at is that of the note, and then that of the next one. */
static bool read_note(struct core *core, struct arena *arena, uint64_t *at, struct error *err)
{
	static const char name[] = "VMCOREINFO";
	uint8_t bytes[NOTE_HEADER + sizeof name] = { 0 };
	struct view v = { bytes, sizeof bytes };
	uint64_t name_size, size, content, left = core->file->size - *at;
	uint8_t *info;

	if (!read_file(
		    core, *at, &(struct block){ bytes, (size_t)min_u64(left, sizeof bytes) }, err))
		return false;
	name_size = core_field(core, v, 0, sizeof(uint32_t));
	size = core_field(core, v, 4, sizeof(uint32_t));
	content = *at + NOTE_HEADER + ((name_size + 3) & ~UINT64_C(3));
	*at = content + ((size + 3) & ~UINT64_C(3));
	if ((name_size != sizeof name && name_size != sizeof name - 1) ||
		!view_has_at(v, NOTE_HEADER, name) || core->info.p)
		return true;
	if (size > INFO_MAX)
		return fail(err, FAULT_CORE_DAMAGED, "its note VMCOREINFO has %llu bytes",
			(unsigned long long)size);
	info = arena_alloc(arena, size + 1);
	if (!info)
		return fail_no_memory(err);
	if (!read_file(core, content, &(struct block){ info, (size_t)size }, err))
		return false;
	/* The kernel's own note ends with zeros. */
	core->info = (struct view){ info, strlen((const char *)info) };
	return true;
}

static bool read_notes(
	struct core *core, const struct core_load *part, struct arena *arena, struct error *err)
{
	uint64_t at = part->offset, end;

	if (!ck_add(at, part->file_size, &end) || end > core->file->size)
		return fail(err, FAULT_CORE_DAMAGED,
			"its notes (%llu bytes at %#llx) reach past its end at byte %llu",
			(unsigned long long)part->file_size, (unsigned long long)at,
			(unsigned long long)core->file->size);
	for (size_t i = 0; i < NOTES_MAX && at + NOTE_HEADER <= end && !core->info.p; i++)
		if (!read_note(core, arena, &at, err))
			return false;
	return true;
}

static bool read_parts(
	struct core *core, const struct parts *parts, struct arena *arena, struct error *err)
{
	const struct layout *l = layout_of(core);
	struct core_load *loads = NULL;
	uint64_t size, end;

	if (!ck_mul(parts->count, l->part_size, &size) || !ck_add(parts->at, size, &end) ||
		end > core->file->size)
		return fail(err, FAULT_CORE_DAMAGED,
			"its %llu program headers at byte %llu reach past its end at byte %llu",
			(unsigned long long)parts->count, (unsigned long long)parts->at,
			(unsigned long long)core->file->size);
	loads = arena_alloc_array(arena, (size_t)parts->count, sizeof *loads);
	if (!loads)
		return fail_no_memory(err);
	for (uint64_t i = 0; i < parts->count; i++) {
		struct part part = { 0 };

		if (!read_part(core, parts->at + i * l->part_size, &part, err))
			return false;
		if (part.type == PART_NOTE && !read_notes(core, &part.load, arena, err))
			return false;
		if (part.type != PART_LOAD)
			continue;
		core->has_virtual |= part.load.virtual_address != part.load.physical &&
			part.load.virtual_address != 0;
		loads[core->load_count++] = part.load;
	}
	core->loads = loads;
	return true;
}

bool core_open(
	const struct big_file *file, struct arena *arena, struct core *ret, struct error *err)
{
	struct core core = { .file = file };
	struct parts parts = { 0 };

	if (!read_ident(&core, err) || !read_header(&core, &parts, err) ||
		!read_parts(&core, &parts, arena, err))
		return false;
	if (!core.info.p)
		return fail(err, FAULT_CORE_NO_LOG,
			"it has no note VMCOREINFO, by which its kernel would say where its log is");
	core_moves(&core);
	*ret = core;
	return true;
}

/* The load that has this address, by one of its two numbers, and how far in it is. */
static const struct core_load *find_load(
	const struct core *core, bool is_virtual, uint64_t address, uint64_t *ret_into)
{
	for (size_t i = 0; i < core->load_count; i++) {
		const struct core_load *load = &core->loads[i];
		const uint64_t first = is_virtual ? load->virtual_address : load->physical;

		if (address >= first && address - first < load->memory_size) {
			*ret_into = address - first;
			return load;
		}
	}
	return NULL;
}

static const struct core_load *find(const struct core *core, uint64_t address, uint64_t *ret_into)
{
	const struct core_load *load =
		core->has_virtual ? find_load(core, true, address, ret_into) : NULL;

	for (size_t i = 0; !load && i < core->move_count; i++) {
		const struct core_move *move = &core->moves[i];

		if (address >= move->first && address <= move->last)
			load = find_load(core, false, address - move->distance, ret_into);
	}
	return load;
}

bool core_read(const struct core *core, uint64_t address, struct block *to, struct error *err)
{
	size_t done = 0;

	while (done < to->n) {
		uint64_t into = 0;
		const struct core_load *load = find(core, address + done, &into);
		struct block piece = { to->p + done, 0 };

		if (!load || address + done < address)
			return fail(err, FAULT_CORE_DAMAGED,
				"it has no memory of the kernel's address %#llx",
				(unsigned long long)(address + done));
		piece.n = (size_t)min_u64(load->memory_size - into, to->n - done);
		if (into >= load->file_size) {
			memset(piece.p, 0, piece.n);
		} else {
			piece.n = (size_t)min_u64(piece.n, load->file_size - into);
			if (into > UINT64_MAX - load->offset ||
				!read_file(core, load->offset + into, &piece, err))
				return false;
		}
		done += piece.n;
	}
	return true;
}

bool core_read_number(
	const struct core *core, uint64_t address, unsigned size, uint64_t *ret, struct error *err)
{
	uint8_t bytes[sizeof(uint64_t)];

	if (!core_read(core, address, &(struct block){ bytes, size }, err))
		return false;
	*ret = core_number(core, (struct view){ bytes, size });
	return true;
}
