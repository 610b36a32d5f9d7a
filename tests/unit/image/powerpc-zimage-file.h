/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a zImage of ppc64el around a kernel, with one section more if it has a name. */
#pragma once

#include "image/elf-file.h"

enum {
	PZF_CODE_AT = 0x100,
	PZF_KERNEL_AT = 0x200,
	PZF_SECTIONS = 4, /* none, the kernel's, one more, their names */
	PZF_SECTION_SIZE = 64,
	PZF_SECTIONS_FIELD = 40, /* of the ELF header: where their table is; at 58 its sizes */
};

#define PZF_NAMES "\0.shstrtab\0.kernel:vmlinux.strip\0"

enum { PZF_NAME_NAMES = 1, PZF_NAME_KERNEL = 11, PZF_NAME_MORE = sizeof PZF_NAMES - 1 };

struct pzf_more {
	const char *name;
	struct view bytes;
};

static inline void pzf_put_section(
	struct block *file, unsigned index, uint32_t name, uint64_t at, uint64_t size)
{
	uint64_t header = file->n - PZF_SECTIONS * PZF_SECTION_SIZE + index * PZF_SECTION_SIZE;

	block_put_le32(file, header, name);
	block_put_le32(file, header + 4, 1); /* SHT_PROGBITS */
	ef_put(file, header + 24, 8, at);
	ef_put(file, header + 32, 8, size);
}

static inline struct block pzf_make(struct arena *a, struct view kernel, struct pzf_more more)
{
	const char *name = more.name ? more.name : "";
	size_t more_at = PZF_KERNEL_AT + kernel.n, names_at = more_at + more.bytes.n;
	size_t names = PZF_NAME_MORE + strlen(name) + 1;
	size_t table = (names_at + names + 7) / 8 * 8;
	size_t size = table + PZF_SECTIONS * PZF_SECTION_SIZE;
	struct block file = { arena_alloc(a, size), size, false };

	file.p[4] = 2;
	ef_set(&file, "magic", 0x464c457f);
	ef_set(&file, "byte order", 1);
	ef_set(&file, "version", 1);
	ef_set(&file, "type", 3);
	ef_set(&file, "machine", 21);
	ef_set(&file, "entry", PZF_CODE_AT);
	ef_set(&file, "phoff", 64);
	ef_set(&file, "phentsize", 56);
	ef_set(&file, "phnum", 1);
	ef_set_part(&file, 0, 1, PZF_CODE_AT, PZF_CODE_AT, names_at - PZF_CODE_AT,
		names_at - PZF_CODE_AT);
	ef_put(&file, PZF_SECTIONS_FIELD, 8, table);
	ef_put(&file, 58, 2, PZF_SECTION_SIZE);
	ef_put(&file, 60, 2, PZF_SECTIONS);
	ef_put(&file, 62, 2, PZF_SECTIONS - 1);
	memset(file.p + PZF_CODE_AT, 0x60, 16);
	block_put_bytes(&file, PZF_KERNEL_AT, kernel);
	block_put_bytes(&file, more_at, more.bytes);
	block_put_bytes(
		&file, names_at, (struct view){ (const uint8_t *)PZF_NAMES, PZF_NAME_MORE });
	block_put_bytes(&file, names_at + PZF_NAME_MORE, view_of_string(name));
	pzf_put_section(&file, 1, PZF_NAME_KERNEL, PZF_KERNEL_AT, kernel.n);
	pzf_put_section(&file, 2, PZF_NAME_MORE, more_at, more.bytes.n);
	pzf_put_section(&file, 3, PZF_NAME_NAMES, names_at, names);
	assert_false(file.overrun);
	return file;
}
