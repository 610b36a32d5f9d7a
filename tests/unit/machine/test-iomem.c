/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdlib.h>

#include "machine/iomem.h"
#include "machine/text.h"
#include "table-source.h"

static const char good[] = "00000000-00000fff : Reserved\n"
			   "00001000-0009fbff : System RAM\n"
			   "00100000-7fffffff : System RAM\n"
			   "  01000000-01ffffff : Kernel code\n"
			   "  02000000-02ffffff : Kernel data\n"
			   "  30000000-37ffffff : Crash kernel\n"
			   "  40000000-40000fff : reserved\n"
			   "  50000000-50000fff : ACPI Tables\n"
			   "80000000-ffffffff : PCI Bus 0000:00\n"
			   "  80000000-80ffffff : 0000:00:01.0\n"
			   "    80000000-80ffffff : Reserved\n"
			   "100000000-1ffffffff : System RAM\n"
			   "  1f0000000-1ffffffff : Crash kernel\n"
			   "200000000-2ffffffff : Persistent Memory (legacy)\n";

static bool parse(struct arena *a, const char *text, struct iomem *ret, struct error *err)
{
	return iomem_parse(view_of_string(text), a, ret, err);
}

static void a_tree_is_read_with_its_depths(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;

	(void)state;
	assert_true(parse(&a, good, &io, &err));
	assert_int_equal(io.count, 14);
	assert_int_equal(io.lines[2].range.start, 0x100000);
	assert_int_equal(range_end(io.lines[2].range), 0x80000000);
	assert_int_equal(io.lines[10].depth, 2);
	assert_true(text_is(io.lines[9].name, "0000:00:01.0"));
	arena_free(&a);
}

static void crash_kernels_are_listed_in_order(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;
	struct ranges crash;

	(void)state;
	assert_true(parse(&a, good, &io, &err));
	assert_true(iomem_crash(&io, &a, &crash));
	assert_int_equal(crash.count, 2);
	assert_int_equal(crash.items[0].start, 0x30000000);
	assert_int_equal(crash.items[0].size, 0x8000000);
	assert_int_equal(crash.items[1].start, 0x1f0000000);
	arena_free(&a);
}

static void taken_memory_is_known_by_name(void **state)
{
	static const phys_t starts[] = { 0, 0x30000000, 0x40000000, 0x50000000, 0x80000000,
		0x1f0000000 };
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;
	struct ranges taken;

	(void)state;
	assert_true(parse(&a, good, &io, &err));
	assert_true(iomem_reserved(&io, &a, &taken));
	assert_int_equal(taken.count, 6);
	for (size_t i = 0; i < taken.count; i++)
		assert_int_equal(taken.items[i].start, starts[i]);
	/* The crash kernel at the end and the persistent memory behind it have become one. */
	assert_int_equal(range_end(taken.items[5]), 0x300000000);
	arena_free(&a);
}

/* As loong64 shows it: the end of the running kernel's own image is not somebody else's. */
static void the_kernels_own_end_is_not_taken(void **state)
{
	static const char text[] = "00000000-0c6cffff : System RAM\n"
				   "  00000000-001fffff : Reserved\n"
				   "  00200000-012fffff : Kernel code\n"
				   "  01b13a00-01bfee6f : Kernel bss\n"
				   "  01bfee70-01bfffff : Reserved\n"
				   "  01c00000-05cc3fff : Reserved\n";
	struct arena a = { 0 };
	struct error err = { 0 };
	struct ranges taken;
	struct iomem io;

	(void)state;
	assert_true(parse(&a, text, &io, &err));
	assert_true(iomem_reserved(&io, &a, &taken));
	assert_int_equal(taken.count, 2);
	assert_int_equal(range_end(taken.items[0]), 0x200000);
	assert_int_equal(taken.items[1].start, 0x1c00000);
	arena_free(&a);
}

/* What is between its parts was its own until it had started. */
static void the_running_kernel_is_one_piece(void **state)
{
	static const char text[] = "01000000-0c6cffff : System RAM\n"
				   "  02000000-02bfffff : Kernel code\n"
				   "  02c00000-033fffff : Kernel rodata\n"
				   "  03600000-037fffff : Kernel data\n"
				   "  04000000-041fffff : Kernel bss\n";
	struct arena a = { 0 };
	struct error err = { 0 };
	struct range kernel;
	struct iomem io;

	(void)state;
	assert_true(parse(&a, text, &io, &err));
	kernel = iomem_kernel(&io);
	assert_int_equal(kernel.start, 0x2000000);
	assert_int_equal(range_end(kernel), 0x4200000);
	assert_true(parse(&a, "01000000-0c6cffff : System RAM\n", &io, &err));
	assert_int_equal(iomem_kernel(&io).size, 0);
	arena_free(&a);
}

/* A driver may name its memory as it likes, even not at all. */
static void names_may_be_empty(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;
	struct ranges found;

	(void)state;
	assert_true(parse(&a, "00001000-00001fff : \n00002000-00002fff : :\n", &io, &err));
	assert_int_equal(io.count, 2);
	assert_int_equal(io.lines[0].name.n, 0);
	assert_true(iomem_reserved(&io, &a, &found));
	assert_int_equal(found.count, 0);
	arena_free(&a);
}

static void ram_is_known_by_name(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;
	struct ranges ram;

	(void)state;
	assert_true(parse(&a, good, &io, &err));
	assert_true(iomem_ram(&io, &a, &ram));
	assert_int_equal(ram.count, 3);
	assert_int_equal(ram.items[1].start, 0x100000);
	assert_int_equal(range_end(ram.items[1]), 0x80000000);
	assert_int_equal(ram.items[2].start, 0x100000000);
	arena_free(&a);
}

static void hidden_addresses_are_an_error(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;

	(void)state;
	assert_false(parse(&a,
		"00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n"
		"  00000000-00000000 : Kernel code\n",
		&io, &err));
	assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
	assert_reason(err, "hides its addresses: all of its 3 lines show zero");
	arena_free(&a);
}

static const struct {
	const char *text, *reason;
} bad[] = {
	{ "", "is empty" },
	{ "\n", "line 1 is no range" },
	{ "00001000-00001fff : System RAM", "ends within a line, after 30 bytes" },
	{ "0-1 : a\n00001000-00000fff : System RAM\n", "line 2 is no range" },
	{ "00001000-10000000000000000 : System RAM\n", "line 1 is no range" },
	{ "00001000 : System RAM\n", "line 1 is no range" },
	{ "-00001000 : System RAM\n", "line 1 is no range" },
	{ "00001000- : System RAM\n", "line 1 is no range" },
	{ "00001000-00001fff: System RAM\n", "line 1 is no range" },
	{ " 00001000-00001fff : System RAM\n", "line 1 is no range" },
	{ "\t00001000-00001fff : System RAM\n", "line 1 is no range" },
	{ "0000z000-00001fff : System RAM\n", "\"0000z000-00001fff : System RAM\"" },
};

static void broken_lines_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct iomem io;

		assert_false(parse(&a, bad[i].text, &io, &err));
		assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
		assert_reason(err, bad[i].reason);
		arena_free(&a);
	}
}

/* Cut between lines it is a shorter tree, cut anywhere else it is an error. */
static void truncation_at_every_byte(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof good - 1; n++) {
		uint8_t *exact = malloc(n + 1);
		struct arena a = { 0 };
		struct error err = { 0 };
		struct iomem io;

		memcpy(exact, good, n);
		assert_int_equal(iomem_parse((struct view){ exact, n }, &a, &io, &err),
			n != 0 && good[n - 1] == '\n');
		arena_free(&a);
		free(exact);
	}
}

static void the_end_of_the_address_space_does_not_wrap(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;

	(void)state;
	assert_true(parse(&a, "0-ffffffffffffffff : Reserved\n", &io, &err));
	assert_int_equal(io.lines[0].range.start, 0);
	assert_int_equal(range_end(io.lines[0].range), UINT64_MAX);
	arena_free(&a);
}

static void too_many_lines_are_an_error(void **state)
{
	enum { LINE = 8, LINES = 65537 };
	char *text = malloc(LINE * LINES + 1);
	struct arena a = { 0 };
	struct error err = { 0 };
	struct iomem io;

	(void)state;
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + LINE * i, "1-9 : a\n", LINE);
	text[LINE * LINES] = '\0';
	assert_false(parse(&a, text, &io, &err));
	assert_reason(err, "more than 65536 lines");
	assert_true(parse(&a, text + LINE, &io, &err));
	assert_int_equal(io.count, 65536);
	arena_free(&a);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_tree_is_read_with_its_depths),
		CASE(crash_kernels_are_listed_in_order),
		CASE(taken_memory_is_known_by_name),
		CASE(the_kernels_own_end_is_not_taken),
		CASE(the_running_kernel_is_one_piece),
		CASE(names_may_be_empty),
		CASE(ram_is_known_by_name),
		CASE(hidden_addresses_are_an_error),
		CASE(broken_lines_are_named),
		CASE(truncation_at_every_byte),
		CASE(the_end_of_the_address_space_does_not_wrap),
		CASE(too_many_lines_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
