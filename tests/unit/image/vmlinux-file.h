/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a small vmlinux as kernels for x86-64 are: four parts, of which the per-CPU one is linked
 * to virtual address 0, bss behind the last, section headers at the end; behind the ELF the
 * relocations that the words in it need.
 */
#pragma once

#include "test.h"

#include "base/arena.h"
#include "base/bytes.h"

enum {
	VM_PHDRS_AT = 64,
	VM_PHDRS = 5,
	VM_TEXT_AT = 0x180,
	VM_TEXT_SIZE = 0x100,
	VM_DATA_AT = 0x280,
	VM_DATA_SIZE = 0x80,
	VM_PERCPU_AT = 0x300,
	VM_PERCPU_SIZE = 0x40,
	VM_INIT_AT = 0x340,
	VM_INIT_SIZE = 0x80,
	VM_STRINGS_AT = 0x3c0,
	VM_STRINGS_SIZE = 0x11, /* so that the next table is not aligned to words by itself */
	VM_SHDRS_AT = 0x3d8,
	VM_SHDRS = 4,
	VM_ELF_SIZE = VM_SHDRS_AT + VM_SHDRS * 64,

	VM_LINK = 0x1000000,
	VM_DATA = 0x1200000,
	VM_PERCPU = 0x1201000,
	VM_INIT = 0x1202000,
	VM_BSS_END = 0x1209000,
	VM_ENTRY = VM_LINK + 0x53,
};

enum vm_groups {
	VM_NONE,
	VM_TWO,   /* as kernels from Linux 6.15 on */
	VM_THREE, /* as kernels before */
};

struct vm_word {
	uint32_t entry; /* the address' lower half */
	uint16_t at;    /* in the file */
	uint64_t value;
};

/* clang-format off */
static const struct vm_word vm_grow_64[] = {
	{ 0x81200000, VM_DATA_AT,        0xffffffff81000010 },
	{ 0x81200009, VM_DATA_AT + 9,    0xffffffff81202000 },
	{ 0x81200078, VM_DATA_AT + 0x78, 0x1202063 }, /* an entry of an early page table */
	{ 0x81201000, VM_PERCPU_AT,      0xffffffff80000000 },
};
static const struct vm_word vm_shrink_32[] = {
	{ 0x81000010, VM_TEXT_AT + 0x10, 0x7effffec },
	{ 0x81000021, VM_TEXT_AT + 0x21, 0x7effffff },
};
static const struct vm_word vm_grow_32[] = {
	{ 0x81000040, VM_TEXT_AT + 0x40, 0x81200008 },
	{ 0x810000fc, VM_TEXT_AT + 0xfc, 0x81000000 },
	{ 0x8120207c, VM_INIT_AT + 0x7c, 0x01202000 },
};
/* clang-format on */

#define VM_COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
	VM_WORDS_TWO = 2 + VM_COUNT(vm_grow_64) + VM_COUNT(vm_grow_32),
	VM_WORDS_THREE = VM_WORDS_TWO + 1 + VM_COUNT(vm_shrink_32),
	VM_SIZE_MAX = VM_ELF_SIZE + 4 * VM_WORDS_THREE,
};

/* Where a program header's field is. */
enum vm_phdr_field {
	VM_P_TYPE = 0,
	VM_P_OFFSET = 8,
	VM_P_PADDR = 24,
	VM_P_FILESZ = 32,
	VM_P_MEMSZ = 40
};

static inline uint64_t vm_phdr(unsigned i, enum vm_phdr_field field)
{
	return VM_PHDRS_AT + i * 56 + (unsigned)field;
}

static inline void vm_put_phdr(struct block *f, unsigned i, uint32_t type, const uint64_t v[5])
{
	block_put_le32(f, vm_phdr(i, VM_P_TYPE), type);
	block_put_le64(f, vm_phdr(i, VM_P_OFFSET), v[0]);
	block_put_le64(f, vm_phdr(i, VM_P_OFFSET) + 8, v[1]);
	block_put_le64(f, vm_phdr(i, VM_P_PADDR), v[2]);
	block_put_le64(f, vm_phdr(i, VM_P_FILESZ), v[3]);
	block_put_le64(f, vm_phdr(i, VM_P_MEMSZ), v[4]);
}

static inline void vm_put_shdr(
	struct block *f, unsigned i, uint32_t type, uint64_t offset, uint64_t size)
{
	block_put_le32(f, VM_SHDRS_AT + i * 64 + 4, type);
	block_put_le64(f, VM_SHDRS_AT + i * 64 + 24, offset);
	block_put_le64(f, VM_SHDRS_AT + i * 64 + 32, size);
}

static inline void vm_put_headers(struct block *f)
{
	static const uint64_t parts[VM_PHDRS][5] = {
		{ VM_TEXT_AT, 0xffffffff81000000, VM_LINK, VM_TEXT_SIZE, VM_TEXT_SIZE },
		{ VM_DATA_AT, 0xffffffff81200000, VM_DATA, VM_DATA_SIZE, VM_DATA_SIZE },
		{ VM_PERCPU_AT, 0, VM_PERCPU, VM_PERCPU_SIZE, VM_PERCPU_SIZE },
		{ VM_INIT_AT, 0xffffffff81202000, VM_INIT, VM_INIT_SIZE, VM_BSS_END - VM_INIT },
		{ VM_TEXT_AT, 0xffffffff81000000, VM_LINK, 16, 16 },
	};

	block_put_bytes(f, 0, (struct view){ (const uint8_t *)"\177ELF\2\1\1", 7 });
	block_put_le16(f, 16, 2);  /* ET_EXEC */
	block_put_le16(f, 18, 62); /* EM_X86_64 */
	block_put_le32(f, 20, 1);
	block_put_le64(f, 24, VM_ENTRY);
	block_put_le64(f, 32, VM_PHDRS_AT);
	block_put_le64(f, 40, VM_SHDRS_AT);
	block_put_le16(f, 52, 64);
	block_put_le16(f, 54, 56);
	block_put_le16(f, 56, VM_PHDRS);
	block_put_le16(f, 58, 64);
	block_put_le16(f, 60, VM_SHDRS);
	block_put_le16(f, 62, VM_SHDRS - 1);
	for (unsigned i = 0; i < VM_PHDRS; i++)
		vm_put_phdr(f, i, i == VM_PHDRS - 1 ? 4 : 1, parts[i]);
	vm_put_shdr(f, 1, 1, VM_TEXT_AT, VM_TEXT_SIZE);
	vm_put_shdr(f, 2, 8, VM_INIT_AT + VM_INIT_SIZE, VM_BSS_END - VM_INIT); /* bss */
	vm_put_shdr(f, 3, 3, VM_STRINGS_AT, VM_STRINGS_SIZE);
}

/* The words' contents, and behind the ELF a group of their addresses, closed by its zero. */
static inline uint64_t vm_put_group(
	struct block *f, uint64_t at, const struct vm_word *words, size_t count, unsigned width)
{
	for (size_t i = 0; i < count; i++) {
		block_put_le32(f, at + 4 + 4 * i, words[i].entry);
		if (width == 8)
			block_put_le64(f, words[i].at, words[i].value);
		else
			block_put_le32(f, words[i].at, (uint32_t)words[i].value);
	}
	return at + 4 + 4 * count;
}

static inline struct block vm_make(struct arena *a, enum vm_groups groups)
{
	static const uint32_t words[] = { 0, VM_WORDS_TWO, VM_WORDS_THREE };
	size_t size = VM_ELF_SIZE + 4 * words[groups];
	struct block f = { arena_alloc(a, size), size, false };
	uint64_t at = VM_ELF_SIZE;

	memset(f.p + VM_TEXT_AT, 0x90, VM_TEXT_SIZE);
	memset(f.p + VM_DATA_AT, 0x11, VM_SHDRS_AT - VM_DATA_AT);
	vm_put_headers(&f);
	if (groups == VM_NONE)
		return f;
	at = vm_put_group(&f, at, vm_grow_64, VM_COUNT(vm_grow_64), 8);
	if (groups == VM_THREE)
		at = vm_put_group(&f, at, vm_shrink_32, VM_COUNT(vm_shrink_32), 4);
	vm_put_group(&f, at, vm_grow_32, VM_COUNT(vm_grow_32), 4);
	assert_false(f.overrun);
	return f;
}

static inline struct view vm_view(struct block f)
{
	return (struct view){ f.p, f.n };
}
