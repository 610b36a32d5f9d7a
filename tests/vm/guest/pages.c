/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pages: shows whether memory stayed as it was, from one kernel to the next.
 *
 *	pages fill MIB      fill so much memory with pages that say at which physical address they lie,
 *	                    print their number, and stay
 *	pages count CORE    print how many pages of a memory image in ELF say so and are right, and how many
 *	                    say so in part, or of another place
 */

#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / 8, CHUNK = 256 };

static const uint64_t MARK = 0x9a6e5a5a00000000;

/* What stands in word i of the page at this address. */
static uint64_t word(uint64_t physical, unsigned i)
{
	return (MARK + physical) ^ ((uint64_t)i << 52);
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t physical_of(int pagemap, const void *page)
{
	uint64_t entry;

	if (pread(pagemap, &entry, 8, (off_t)((uintptr_t)page / PAGE * 8)) != 8 || !(entry >> 63))
		fail("pagemap");
	return (entry & ((UINT64_C(1) << 55) - 1)) * PAGE;
}

/* Until none has been moved since it was filled. */
static void fill(uint64_t *memory, size_t count)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool moved = true;

	if (pagemap < 0)
		fail("pagemap");
	while (moved) {
		moved = false;
		for (size_t i = 0; i < count; i++) {
			uint64_t *page = memory + i * WORDS, physical = physical_of(pagemap, page);

			if (page[0] == word(physical, 0))
				continue;
			moved = true;
			for (unsigned k = 0; k < WORDS; k++)
				page[k] = word(physical, k);
		}
	}
}

__attribute__((noreturn)) static void hold(const char *mib)
{
	size_t size = strtoul(mib, NULL, 10) << 20;
	uint64_t *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED || madvise(memory, size, MADV_NOHUGEPAGE) || mlock(memory, size))
		fail("memory");
	fill(memory, size / PAGE);
	printf("%zu\n", size / PAGE);
	fflush(stdout);
	for (;;)
		pause();
}

struct tally {
	unsigned long right, wrong;
};

static void judge(const uint64_t *page, uint64_t physical, struct tally *tally)
{
	unsigned here = 0, anywhere = 0;

	for (unsigned i = 0; i < WORDS; i++) {
		here += page[i] == word(physical, i);
		anywhere += ((page[i] ^ (uint64_t)i << 52) & 0xffffffff00000000) == MARK;
	}
	tally->right += here == WORDS;
	tally->wrong += here != WORDS && anywhere > WORDS / 4;
}

static void count_in(int core, const Elf64_Phdr *piece, struct tally *tally)
{
	static uint64_t pages[CHUNK * WORDS];

	for (uint64_t at = -piece->p_paddr % PAGE; at < piece->p_filesz;) {
		uint64_t left = piece->p_filesz - at;
		ssize_t n = pread(core, pages, left < sizeof pages ? left : sizeof pages,
			(off_t)(piece->p_offset + at));

		if (n <= 0)
			fail("read");
		for (ssize_t k = 0; k + PAGE <= n; k += PAGE)
			judge(pages + k / 8, piece->p_paddr + at + (uint64_t)k, tally);
		at += (uint64_t)n;
	}
}

static int count(const char *file)
{
	int core = open(file, O_RDONLY | O_CLOEXEC);
	struct tally tally = { 0 };
	Elf64_Ehdr head;

	if (core < 0 || pread(core, &head, sizeof head, 0) != sizeof head)
		fail(file);
	for (unsigned i = 0; i < head.e_phnum; i++) {
		Elf64_Phdr piece;

		if (pread(core, &piece, sizeof piece, (off_t)(head.e_phoff + i * sizeof piece)) !=
			sizeof piece)
			fail(file);
		if (piece.p_type == PT_LOAD)
			count_in(core, &piece, &tally);
	}
	printf("%lu %lu\n", tally.right, tally.wrong);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "fill") == 0)
		hold(argv[2]);
	if (argc == 3 && strcmp(argv[1], "count") == 0)
		return count(argv[2]);
	fprintf(stderr, "pages: fill MIB, or count CORE\n");
	return 2;
}
