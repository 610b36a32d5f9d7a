/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both classes of ELF by one table of offsets; all CPUs that are dumped are little-endian. */
#include "boot/elf-core.h"

/* elf(5) */
enum {
	CLASS_32 = 1,
	CLASS_64 = 2,
	LITTLE_ENDIAN_DATA = 1,
	VERSION = 1,
	TYPE_CORE = 4,
	TYPE_LOAD = 1,
	TYPE_NOTE = 4,
	READ_WRITE_EXECUTE = 7,
	/*
	 * A count of 0xffff stands for one that is kept elsewhere (PN_XNUM), where fs/proc/vmcore.c of Linux
	 * does not look.
	 */
	HEADERS_MAX = 0xfffe,
};

/* Where the fields are that two classes have at different places; words are of 4 or 8 bytes. */
struct layout {
	uint8_t header_size, entry_size, word;
	uint8_t phoff, ehsize; /* of the file header; phentsize and phnum follow ehsize */
	uint8_t flags, offset, vaddr, paddr, filesz, memsz;
};

static const struct layout layouts[] = {
	[CLASS_32] = { 52, 32, 4, 28, 40, 24, 4, 8, 12, 16, 20 },
	[CLASS_64] = { 64, 56, 8, 32, 52, 4, 8, 16, 24, 32, 40 },
};

struct writer {
	struct block block;
	const struct layout *layout;
	uint64_t at;
};

static void put_word(struct writer *w, uint64_t offset, uint64_t value)
{
	if (w->layout->word == 4)
		block_put_le32(&w->block, w->at + offset, (uint32_t)value);
	else
		block_put_le64(&w->block, w->at + offset, value);
}

static void put_file_header(struct writer *w, const struct elf_core *core, size_t count)
{
	const struct layout *l = w->layout;

	block_put_bytes(&w->block, 0, view_of_string("\177ELF"));
	block_put_u8(&w->block, 4, core->is_32_bit ? CLASS_32 : CLASS_64);
	block_put_u8(&w->block, 5, LITTLE_ENDIAN_DATA);
	block_put_u8(&w->block, 6, VERSION);
	block_put_le16(&w->block, 16, TYPE_CORE);
	block_put_le16(&w->block, 18, core->machine);
	block_put_le32(&w->block, 20, VERSION);
	put_word(w, l->phoff, l->header_size);
	block_put_le16(&w->block, l->ehsize, l->header_size);
	block_put_le16(&w->block, l->ehsize + 2, l->entry_size);
	block_put_le16(&w->block, l->ehsize + 4, (uint16_t)count);
	w->at = l->header_size;
}

static void put_entry(struct writer *w, uint32_t type, const struct elf_core_load *load)
{
	const struct layout *l = w->layout;

	block_put_le32(&w->block, w->at, type);
	block_put_le32(&w->block, w->at + l->flags, type == TYPE_LOAD ? READ_WRITE_EXECUTE : 0);
	put_word(w, l->offset, load->at);
	put_word(w, l->vaddr, l->word == 4 && load->virtual > UINT32_MAX ? 0 : load->virtual);
	put_word(w, l->paddr, load->memory.start);
	put_word(w, l->filesz, load->memory.size);
	put_word(w, l->memsz, load->memory.size);
	w->at += l->entry_size;
}

/* /proc/vmcore has offsets of its own, which end where all contents do. */
static bool check_32_bit(const struct elf_core *core, struct error *err)
{
	uint64_t total = 0;

	for (size_t i = 0; i < core->load_count; i++) {
		const struct elf_core_load *load = &core->loads[i];

		total += load->memory.size;
		if (range_end(load->memory) > UINT32_MAX || load->at > UINT32_MAX ||
			total > UINT32_MAX)
			return fail(err, FAULT_FIT_CORE,
				"core headers in 32-bit ELF end at 4 GiB, and memory of the running kernel "
				"lies at %#llx to %#llx",
				(unsigned long long)load->memory.start,
				(unsigned long long)range_end(load->memory));
	}
	for (size_t i = 0; i < core->note_count; i++)
		if (range_end(core->notes[i]) > UINT32_MAX)
			return fail(err, FAULT_FIT_CORE,
				"core headers in 32-bit ELF end at 4 GiB, and a note of the running kernel "
				"lies at %#llx",
				(unsigned long long)core->notes[i].start);
	return true;
}

bool elf_core_make(
	const struct elf_core *core, struct arena *arena, struct view *ret, struct error *err)
{
	const struct layout *layout = &layouts[core->is_32_bit ? CLASS_32 : CLASS_64];
	size_t count = core->note_count + core->load_count;
	struct writer w = { .layout = layout };

	if (count > HEADERS_MAX)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"the running kernel's memory is in %zu pieces, and it has %zu notes: a core file "
			"that /proc/vmcore reads has %d of both",
			core->load_count, core->note_count, HEADERS_MAX);
	if (core->is_32_bit && !check_32_bit(core, err))
		return false;
	w.block.n = layout->header_size + count * layout->entry_size;
	w.block.p = arena_alloc(arena, w.block.n);
	if (!w.block.p)
		return fail_no_memory(err);
	put_file_header(&w, core, count);
	for (size_t i = 0; i < core->note_count; i++)
		put_entry(&w, TYPE_NOTE,
			&(struct elf_core_load){ core->notes[i], core->notes[i].start, 0 });
	for (size_t i = 0; i < core->load_count; i++)
		put_entry(&w, TYPE_LOAD, &core->loads[i]);
	if (w.block.overrun)
		return fail(err, FAULT_INTERNAL, "the core headers do not fit their own size");
	*ret = (struct view){ w.block.p, w.block.n };
	return true;
}
