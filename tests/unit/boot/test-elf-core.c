/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/elf-core.h"

#include <stdlib.h>

#include "base/arith.h"
#include "test.h"

enum { X86_64 = 62, PIECES = 9000 };

static uint64_t at(struct view v, uint64_t offset, size_t size)
{
	struct reader r = reader_at(v, offset);

	switch (size) {
	case 2:
		return reader_le16(&r);
	case 4:
		return reader_le32(&r);
	}
	return reader_le64(&r);
}

static void headers_of_64_bits_are_as_the_format_has_them(void **state)
{
	static const struct range notes[] = { { 0x1000, 368 }, { 0x2000, 4132 } };
	static const struct elf_core_load loads[] = {
		{ { GiB(1), MiB(40) }, GiB(1), 0xffffffff81000000 },
		{ { 0x1000, 0x9ec00 }, GiB(2), 0xffff888000001000 },
	};
	const struct elf_core core = {
		.machine = X86_64, .notes = notes, .note_count = 2, .loads = loads, .load_count = 2
	};
	struct arena arena = { 0 };
	struct error err;
	struct view v;

	(void)state;
	assert_true(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(v.n, 64 + 4 * 56);
	assert_memory_equal(v.p, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(at(v, 16, 2), 4);
	assert_int_equal(at(v, 18, 2), X86_64);
	assert_int_equal(at(v, 32, 8), 64);
	assert_int_equal(at(v, 52, 2), 64);
	assert_int_equal(at(v, 54, 2), 56);
	assert_int_equal(at(v, 56, 2), 4);
	/* The second note. */
	assert_int_equal(at(v, 64 + 56, 4), 4);
	assert_int_equal(at(v, 64 + 56 + 8, 8), 0x2000);
	assert_int_equal(at(v, 64 + 56 + 24, 8), 0x2000);
	assert_int_equal(at(v, 64 + 56 + 32, 8), 4132);
	/* The second load, whose bytes lie elsewhere. */
	assert_int_equal(at(v, 64 + 3 * 56, 4), 1);
	assert_int_equal(at(v, 64 + 3 * 56 + 4, 4), 7);
	assert_int_equal(at(v, 64 + 3 * 56 + 8, 8), GiB(2));
	assert_int_equal(at(v, 64 + 3 * 56 + 16, 8), 0xffff888000001000);
	assert_int_equal(at(v, 64 + 3 * 56 + 24, 8), 0x1000);
	assert_int_equal(at(v, 64 + 3 * 56 + 32, 8), 0x9ec00);
	assert_int_equal(at(v, 64 + 3 * 56 + 40, 8), 0x9ec00);
	arena_free(&arena);
}

static void headers_of_32_bits_end_at_4_gib(void **state)
{
	static struct range note = { 0x1000, 164 };
	static struct elf_core_load loads[] = {
		{ { MiB(1), GiB(1) }, MiB(1), 0xc0100000 },
		{ { GiB(2), GiB(1) }, GiB(2), 0xffff888080000000 },
	};
	struct elf_core core = { .is_32_bit = true,
		.machine = 3,
		.notes = &note,
		.note_count = 1,
		.loads = loads,
		.load_count = 2 };
	struct arena arena = { 0 };
	struct error err;
	struct view v;

	(void)state;
	assert_true(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(v.n, 52 + 3 * 32);
	assert_int_equal(v.p[4], 1);
	assert_int_equal(at(v, 28, 4), 52);
	assert_int_equal(at(v, 40, 2), 52);
	assert_int_equal(at(v, 42, 2), 32);
	assert_int_equal(at(v, 44, 2), 3);
	assert_int_equal(at(v, 52 + 32 + 4, 4), MiB(1));
	assert_int_equal(at(v, 52 + 32 + 8, 4), 0xc0100000);
	assert_int_equal(at(v, 52 + 32 + 12, 4), MiB(1));
	assert_int_equal(at(v, 52 + 32 + 16, 4), GiB(1));
	assert_int_equal(at(v, 52 + 32 + 24, 4), 7);
	/* An address that has no room in it is none. */
	assert_int_equal(at(v, 52 + 64 + 8, 4), 0);

	loads[1].memory.size = GiB(2) + 4096;
	assert_false(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(err.fault, FAULT_FIT_CORE);
	loads[1].memory.size = GiB(1);
	loads[1].at = GiB(5);
	assert_false(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(err.fault, FAULT_FIT_CORE);
	core.load_count = 1;
	note.start = GiB(4);
	assert_false(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(err.fault, FAULT_FIT_CORE);
	arena_free(&arena);
}

/* Past 65534 the format counts elsewhere, where Linux does not look. */
static void many_pieces_are_counted(void **state)
{
	struct elf_core_load *loads = calloc(0x10000, sizeof *loads);
	struct elf_core core = { .machine = X86_64, .loads = loads, .load_count = PIECES };
	struct arena arena = { 0 };
	struct error err;
	struct view v;

	(void)state;
	assert_non_null(loads);
	for (size_t i = 0; i < 0x10000; i++)
		loads[i] = (struct elf_core_load){ { GiB(i), MiB(1) }, GiB(i), 0 };
	assert_true(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(at(v, 56, 2), PIECES);
	assert_int_equal(at(v, 64 + (PIECES - 1) * 56 + 24, 8), GiB(PIECES - 1));
	core.load_count = 0xfffe;
	assert_true(elf_core_make(&core, &arena, &v, &err));
	core.load_count = 0xffff;
	assert_false(elf_core_make(&core, &arena, &v, &err));
	assert_int_equal(err.fault, FAULT_MACHINE_UNSUPPORTED);
	assert_reason(err, "65535 pieces");
	arena_free(&arena);
	free(loads);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_64_bits_are_as_the_format_has_them),
		cmocka_unit_test(headers_of_32_bits_end_at_4_gib),
		cmocka_unit_test(many_pieces_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
