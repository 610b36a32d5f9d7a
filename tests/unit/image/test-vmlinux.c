/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ELF that a bzImage unpacks to: what is read of it, each field damaged, cut at every byte. */
#include "image/vmlinux-file.h"

#include "image/vmlinux.h"

static void a_kernel_is_read(void **state)
{
	struct arena a = { 0 };
	struct block f = vm_make(&a, VM_THREE);
	struct vmlinux kernel;
	struct error err = { 0 };

	(void)state;
	assert_true(vmlinux_parse(vm_view(f), &kernel, &err));
	assert_int_equal(kernel.elf_size, VM_ELF_SIZE);
	assert_int_equal(kernel.entry, VM_ENTRY);
	assert_int_equal(kernel.link.start, VM_LINK);
	assert_int_equal(range_end(kernel.link), VM_BSS_END);
	assert_int_equal(kernel.load_count, 4);
	assert_int_equal(kernel.loads[2].link.start, VM_PERCPU);
	assert_int_equal(kernel.loads[2].link.size, VM_PERCPU_SIZE);
	assert_int_equal(kernel.loads[3].link.size, VM_INIT_SIZE);
	assert_ptr_equal(vmlinux_load_bytes(&kernel, 3).p, f.p + VM_INIT_AT);
	assert_int_equal(vmlinux_load_bytes(&kernel, 3).n, VM_INIT_SIZE);
	arena_free(&a);
}

static void a_kernel_without_section_headers_ends_with_its_last_part(void **state)
{
	struct arena a = { 0 };
	struct block f = vm_make(&a, VM_NONE);
	struct vmlinux kernel;
	struct error err = { 0 };

	(void)state;
	block_put_le16(&f, 60, 0);
	assert_true(vmlinux_parse(vm_view(f), &kernel, &err));
	assert_int_equal(kernel.elf_size, VM_INIT_AT + VM_INIT_SIZE);
	arena_free(&a);
}

/* clang-format off */
static const struct row {
	uint64_t at;
	unsigned width;
	uint64_t bad;
	enum fault fault;
	const char *text;
} rows[] = {
	{ 0, 4, 0x464c457e, FAULT_IMAGE_UNKNOWN, "no ELF file" },
	{ 4, 1, 0, FAULT_IMAGE_OTHER_ARCH, "class 0" },
	{ 5, 1, 2, FAULT_IMAGE_OTHER_ARCH, "byte order 2" },
	{ 16, 2, 1, FAULT_IMAGE_OTHER_ARCH, "type 1" },
	{ 18, 2, 183, FAULT_IMAGE_OTHER_ARCH, "machine 183" },
	{ 24, 8, VM_LINK - 1, FAULT_IMAGE_CORRUPT, "entry point 0xffffff lies in none" },
	{ 24, 8, VM_LINK + VM_TEXT_SIZE, FAULT_IMAGE_CORRUPT, "lies in none of its parts" },
	{ 24, 8, VM_INIT + VM_INIT_SIZE, FAULT_IMAGE_CORRUPT, "entry point 0x1202080" },
	{ 24, 8, UINT64_MAX, FAULT_IMAGE_CORRUPT, "entry point" },
	{ 32, 8, VM_SIZE_MAX, FAULT_IMAGE_TRUNCATED, "its program header table" },
	{ 32, 8, UINT64_MAX - 8, FAULT_IMAGE_TRUNCATED, "its program header table" },
	{ 40, 8, VM_SIZE_MAX, FAULT_IMAGE_TRUNCATED, "its section header table" },
	{ 40, 8, UINT64_MAX - 8, FAULT_IMAGE_TRUNCATED, "its section header table" },
	{ 54, 2, 55, FAULT_IMAGE_CORRUPT, "5 program headers of 55 bytes" },
	{ 56, 2, 0, FAULT_IMAGE_CORRUPT, "0 program headers" },
	{ 56, 2, 65535, FAULT_IMAGE_CORRUPT, "65535 program headers" },
	{ 58, 2, 0, FAULT_IMAGE_CORRUPT, "section headers of 0 bytes" },
	{ 60, 2, 65535, FAULT_IMAGE_TRUNCATED, "its section header table" },
	{ VM_PHDRS_AT + 8, 8, VM_SIZE_MAX, FAULT_IMAGE_TRUNCATED, "a loadable part" },
	{ VM_PHDRS_AT + 8, 8, UINT64_MAX, FAULT_IMAGE_TRUNCATED, "a loadable part" },
	{ VM_PHDRS_AT + 24, 8, VM_LINK + 1, FAULT_IMAGE_CORRUPT, "part at 0x1000001" },
	{ VM_PHDRS_AT + 24, 8, VM_DATA, FAULT_IMAGE_CORRUPT, "part at 0x1200000 lies in the one before" },
	{ VM_PHDRS_AT + 24, 8, (uint64_t)1 << 30, FAULT_IMAGE_CORRUPT, "is none of a kernel" },
	{ VM_PHDRS_AT + 24, 8, UINT64_MAX << 12, FAULT_IMAGE_CORRUPT, "is none of a kernel" },
	{ VM_PHDRS_AT + 32, 8, 0, FAULT_IMAGE_CORRUPT, "of which 0 in the file" },
	{ VM_PHDRS_AT + 32, 8, VM_TEXT_SIZE + 1, FAULT_IMAGE_CORRUPT, "is none of a kernel" },
	{ VM_PHDRS_AT + 32, 8, UINT64_MAX, FAULT_IMAGE_CORRUPT, "is none of a kernel" },
	{ VM_PHDRS_AT + 40, 8, VM_TEXT_SIZE - 1, FAULT_IMAGE_CORRUPT, "is none of a kernel" },
	{ VM_PHDRS_AT + 40, 8, VM_DATA - VM_LINK + 1, FAULT_IMAGE_CORRUPT, "lies in the one before" },
	{ VM_PHDRS_AT + 40, 8, UINT64_MAX, FAULT_IMAGE_CORRUPT, "is none of a kernel" },
	/* The second part in what rounding to pages makes of the first one. */
	{ VM_PHDRS_AT + 56 + 24, 8, VM_LINK, FAULT_IMAGE_CORRUPT, "part at 0x1000000 lies in" },
	{ VM_PHDRS_AT + 2 * 56 + 24, 8, VM_DATA, FAULT_IMAGE_CORRUPT, "lies in the one before" },
	{ VM_SHDRS_AT + 64 + 24, 8, UINT64_MAX, FAULT_IMAGE_TRUNCATED, "a section (offset" },
	{ VM_SHDRS_AT + 64 + 32, 8, VM_SIZE_MAX, FAULT_IMAGE_TRUNCATED, "a section (offset" },
	{ VM_SHDRS_AT + 2 * 64 + 4, 4, 1, FAULT_IMAGE_TRUNCATED, "a section (offset" },
};
/* clang-format on */

static void each_field_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct block f = vm_make(&a, VM_NONE);
		struct vmlinux kernel = { .load_count = 99 };
		struct error err = { 0 };

		for (unsigned j = 0; j < rows[i].width; j++)
			block_put_u8(&f, rows[i].at + j, (uint8_t)(rows[i].bad >> 8 * j));
		if (vmlinux_parse(vm_view(f), &kernel, &err) || err.fault != rows[i].fault)
			fail_msg("row %zu: %d, %s", i, err.fault, err.reason);
		assert_reason(err, rows[i].text);
		assert_int_equal(kernel.load_count, 99);
		arena_free(&a);
	}
}

static void nine_parts_are_too_many(void **state)
{
	struct arena a = { 0 };
	struct block f = { arena_alloc(&a, 0x2000), 0x2000, false };
	struct vmlinux kernel;
	struct error err = { 0 };

	(void)state;
	vm_put_headers(&f);
	block_put_le64(&f, 32, 0x1000);
	block_put_le64(&f, 24, VM_LINK);
	for (unsigned i = 0; i < 9; i++) {
		uint64_t at = 0x1000 + i * 56;

		block_put_le32(&f, at, 1);
		block_put_le64(&f, at + 8, VM_TEXT_AT);
		block_put_le64(&f, at + 24, VM_LINK + i * 4096);
		block_put_le64(&f, at + 32, 16);
		block_put_le64(&f, at + 40, 16);
	}
	block_put_le16(&f, 56, 8);
	assert_true(vmlinux_parse(vm_view(f), &kernel, &err));
	block_put_le16(&f, 56, 9);
	assert_false(vmlinux_parse(vm_view(f), &kernel, &err));
	assert_reason(err, "more than 8 loadable parts");
	arena_free(&a);
}

static void cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct view whole = vm_view(vm_make(&a, VM_NONE));

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		/* Of its own size, so that a sanitizer sees what is read behind it. */
		struct arena part = { 0 };
		uint8_t *p = arena_alloc(&part, n + 1);
		struct vmlinux kernel;
		struct error err = { 0 };

		memcpy(p, whole.p, n);
		assert_false(vmlinux_parse((struct view){ p, n }, &kernel, &err));
		assert_int_equal(err.fault, n < 4 ? FAULT_IMAGE_UNKNOWN : FAULT_IMAGE_TRUNCATED);
		arena_free(&part);
	}
	arena_free(&a);
}

static void addresses_are_found_by_where_they_are_linked(void **state)
{
	static const struct {
		uint64_t address, size;
		bool found;
		uint64_t at;
	} cases[] = {
		{ 0xffffffff81000000, 4, true, VM_TEXT_AT },
		{ 0xffffffff810000fc, 4, true, VM_TEXT_AT + 0xfc },
		{ 0xffffffff810000fd, 4, false, 0 },
		{ 0xffffffff810000ff, 1, true, VM_TEXT_AT + 0xff },
		{ 0xffffffff81000100, 1, false, 0 },
		{ 0xffffffff80ffffff, 1, false, 0 },
		{ 0xffffffff81201008, 8, true, VM_PERCPU_AT + 8 },
		{ 0xffffffff81202000, 8, true, VM_INIT_AT },
		{ 0xffffffff81202080, 1, false, 0 }, /* bss has no bytes in the file */
		{ 0x81000000, 4, false, 0 },
		{ 0x1000000, 4, false, 0 },
		{ 0, 4, false, 0 },
		{ UINT64_MAX, 4, false, 0 },
		{ 0xffffffff81000000, UINT64_MAX, false, 0 },
	};
	struct arena a = { 0 };
	struct vmlinux kernel;
	struct error err = { 0 };

	(void)state;
	assert_true(vmlinux_parse(vm_view(vm_make(&a, VM_NONE)), &kernel, &err));
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint64_t at = 0;

		assert_int_equal(vmlinux_file_offset(&kernel, cases[i].address, cases[i].size, &at),
			cases[i].found);
		assert_int_equal(at, cases[i].at);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_kernel_is_read),
		CASE(a_kernel_without_section_headers_ends_with_its_last_part),
		CASE(each_field_is_checked),
		CASE(nine_parts_are_too_many),
		CASE(cut_at_every_byte),
		CASE(addresses_are_found_by_where_they_are_linked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
