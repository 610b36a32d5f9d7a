/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a payload unpacks to: a kernel that is accepted can be moved without leaving its bytes. */
#include "fuzz.h"

#include <string.h>

#include "image/relocations.h"

static void check_loads(const struct vmlinux *kernel, size_t size)
{
	phys_t end = kernel->link.start;
	bool has_entry = false;

	expect(kernel->load_count > 0 && kernel->load_count <= VMLINUX_LOADS_MAX);
	expect(kernel->elf_size <= size);
	for (size_t i = 0; i < kernel->load_count; i++) {
		const struct vmlinux_load *load = &kernel->loads[i];

		expect(load->link.start % 4096 == 0 && load->link.start >= end);
		expect(load->link.size > 0);
		expect(vmlinux_load_bytes(kernel, i).n == load->link.size);
		expect(load->file_offset + load->link.size <= kernel->elf_size);
		end = range_end(load->link);
		has_entry |= range_has(load->link, kernel->entry);
	}
	expect(end <= range_end(kernel->link));
	expect(range_end(kernel->link) <= VMLINUX_MAP_SIZE);
	expect(has_entry);
}

/* Every word comes back to what it was, and the table behind the ELF is not touched. */
static void check_moves(const struct vmlinux *kernel, const struct relocations *r, uint8_t *copy)
{
	struct view before = kernel->bytes;
	size_t size = before.n;

	relocations_apply(r, kernel, copy, UINT64_C(0x12200000));
	expect(memcmp(copy + kernel->elf_size, before.p + kernel->elf_size,
		       size - (size_t)kernel->elf_size) == 0);
	relocations_apply(r, kernel, copy, -UINT64_C(0x12200000));
	expect(memcmp(copy, before.p, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct relocations r;
	struct vmlinux kernel;
	uint8_t *copy;

	if (!vmlinux_parse((struct view){ data, size }, &kernel, &err)) {
		expect_bad_file(&err);
		return 0;
	}
	check_loads(&kernel, size);
	if (!relocations_parse(&kernel, &r, &err)) {
		expect_bad_file(&err);
		return 0;
	}
	copy = malloc(size);
	expect(copy != NULL);
	memcpy(copy, data, size);
	expect_inside(r.grow_64, kernel.bytes);
	expect_inside(r.shrink_32, kernel.bytes);
	expect_inside(r.grow_32, kernel.bytes);
	check_moves(&kernel, &r, copy);
	free(copy);
	return 0;
}
