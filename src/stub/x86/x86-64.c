/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What only the x86-64 stub does: its page tables and its ways out. */
#include "stub/common/cpu.h"
#include "stub/x86/x86.h"

_Noreturn void stub_leave(uint64_t entry, uint64_t rsi, uint64_t rdi);
_Noreturn void stub_leave_32(const struct stub_args *args);

/* Intel SDM volume 3, §2.5. */
enum { CR4_LA57 = 1 << 12 };

static void page_tables_switch(const struct stub_args *args)
{
	uint64_t cr4, root;

	__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
	root = args->page_tables[cr4 & CR4_LA57 ? 1 : 0];
	if (root != 0)
		__asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
}

enum stub_verdict cpu_verify(const struct stub_args *args)
{
	page_tables_switch(args);
	return x86_verify(args);
}

_Noreturn void cpu_leave(const struct stub_args *args)
{
	if (args->mode != STUB_MODE_64)
		stub_leave_32(args);
	stub_leave(args->entry, args->registers[0], args->registers[1]);
}
