/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where an ELF kernel lies, in which mode it is entered, and what it is told. */
#include "arch/planned.h"

#include "boot/elf-notes.h"
#include "image/elf-file.h"
#include "stub/abi.h"

static void begin(struct planned *p, bool is_64_bit)
{
	planned_begin(p, "q35-1g");
	p->kernel = ef_make(&p->arena, is_64_bit);
}

static uint32_t word_at(struct view v, uint64_t at)
{
	struct reader r = reader_at(v, at);

	return reader_le32(&r);
}

static void parts_lie_where_they_were_linked(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, true);
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segments[0].mem.start, EF_CODE);
	assert_int_equal(p.plan.segments[0].mem.size, 4096);
	assert_ptr_equal(p.plan.segments[0].data.p, p.kernel.p + EF_CODE_AT);
	assert_int_equal(p.plan.segments[1].mem.start, EF_DATA);
	assert_int_equal(p.plan.segments[1].mem.size, 3 * 4096);
	assert_int_equal(p.plan.segments[1].data.n, EF_DATA_SIZE);
	assert_int_equal(planned_args(&p).entry, EF_ENTRY);
	arena_free(&p.arena);
}

/* The kernel takes whole pages: what shares one becomes one segment, zeros between the parts. */
static void parts_that_share_a_page_become_one(void **state)
{
	const struct segment *s;
	struct planned p;

	(void)state;
	begin(&p, false);
	ef_set(&p.kernel, "p_paddr", EF_CODE + 0x210);
	ef_set_in(&p.kernel, 1, "p_paddr", EF_CODE + 0x10);
	ef_set(&p.kernel, "entry", EF_CODE + 0x20);
	assert_true(planned_make(&p));
	s = planned_segment(&p, "kernel");
	assert_string_equal(p.plan.segments[1].name, "ELF notes");
	assert_int_equal(s->mem.start, EF_CODE);
	assert_int_equal(s->mem.size, 3 * 4096);
	assert_int_equal(s->data.n, 0x210 + EF_DATA_SIZE);
	assert_int_equal(s->data.p[0xf], 0);
	assert_int_equal(s->data.p[0x10], 0xcc);
	assert_int_equal(s->data.p[0x10 + EF_CODE_SIZE - 1], 0xcc);
	assert_int_equal(s->data.p[0x10 + EF_CODE_SIZE], 0);
	assert_int_equal(s->data.p[0x20f], 0);
	assert_int_equal(s->data.p[0x210], 0xdd);
	arena_free(&p.arena);
}

static void a_place_that_is_taken_is_told(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, true);
	p.request.limits = range_between(EF_CODE + 4096, PHYS_MAX);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "at 0x100000, where it was linked");
	/* Its bss is past the end of this machine's memory. */
	p.request.limits = range_between(0, PHYS_MAX);
	ef_set(&p.kernel, "p_memsz", GiB(64));
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	arena_free(&p.arena);
}

static void zeros_between_parts_have_an_end(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, true);
	/* The code's zeros reach into the page of the data. */
	ef_set_in(&p.kernel, 1, "p_memsz", MiB(300) + 8);
	ef_set(&p.kernel, "p_paddr", EF_CODE + MiB(300) + 16);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_IMAGE_CORRUPT);
	assert_reason(p.error, "share pages over 300 MiB");
	ef_set_in(&p.kernel, 1, "p_memsz", MiB(3) + 8);
	ef_set(&p.kernel, "p_paddr", EF_CODE + MiB(3) + 8);
	assert_true(planned_make(&p));
	assert_int_equal(planned_segment(&p, "kernel")->data.n, MiB(3) + 8 + EF_DATA_SIZE);
	arena_free(&p.arena);
}

static void linux_is_told_as_ever(bool is_64_bit)
{
	unsigned which = is_64_bit ? 0 : 2; /* rsi, esi */
	const struct segment *data;
	struct stub_args args;
	struct planned p;

	begin(&p, is_64_bit);
	ef_add_banner(&p.kernel);
	planned_add_initrd(&p, 5000);
	assert_true(planned_make(&p));
	args = planned_args(&p);
	data = planned_segment(&p, "boot data");
	assert_int_equal(args.mode, is_64_bit ? STUB_MODE_64 : STUB_MODE_32);
	for (unsigned i = 0; i < STUB_REGISTERS; i++)
		assert_int_equal(args.registers[i], i == which ? data->mem.start : 0);
	assert_true(args.record != 0);
	assert_int_equal(word_at(data->data, 0x202), 0x53726448); /* "HdrS" */
	assert_int_equal(word_at(data->data, 0x218), planned_segment(&p, "initrd")->mem.start);
	assert_non_null(memmem(data->data.p, data->data.n, "root=/dev/vda1 quiet", 20));
	arena_free(&p.arena);
}

static void linux_of_64_bits(void **state)
{
	(void)state;
	linux_is_told_as_ever(true);
}

static void linux_of_32_bits(void **state)
{
	(void)state;
	linux_is_told_as_ever(false);
}

static void linux_has_a_limit_for_its_line(void **state)
{
	static char line[2049];
	struct planned p;

	(void)state;
	memset(line, 'x', 2048);
	begin(&p, true);
	p.request.command_line = line;
	assert_true(planned_make(&p));
	ef_add_banner(&p.kernel);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_COMMAND_LINE);
	p.request.arguments = ARGUMENTS_ELF;
	assert_true(planned_make(&p));
	arena_free(&p.arena);
}

/* Not Linux: nothing of Linux's is placed. */
static void others_find_notes(void **state)
{
	const struct segment *notes;
	struct stub_args args;
	struct planned p;

	(void)state;
	begin(&p, true);
	assert_true(planned_make(&p));
	assert_null(planned_segment(&p, "boot data"));
	notes = planned_segment(&p, "ELF notes");
	args = planned_args(&p);
	assert_int_equal(args.registers[0], 0);
	assert_int_equal(args.registers[1], notes->mem.start);
	assert_int_equal(args.record, 0);

	p.kernel = ef_make(&p.arena, false);
	assert_true(planned_make(&p));
	args = planned_args(&p);
	assert_int_equal(args.mode, STUB_MODE_32);
	assert_int_equal(args.registers[0], ELF_NOTES_MAGIC);
	assert_int_equal(args.registers[1], planned_segment(&p, "ELF notes")->mem.start);
	assert_int_equal(args.registers[2] | args.registers[3], 0);
	arena_free(&p.arena);
}

static void options_choose_what_it_is_told(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, true);
	p.request.arguments = ARGUMENTS_LINUX;
	assert_true(planned_make(&p));
	assert_non_null(planned_segment(&p, "boot data"));
	p.request.arguments = ARGUMENTS_NONE;
	assert_true(planned_make(&p));
	assert_null(planned_segment(&p, "boot data"));
	assert_null(planned_segment(&p, "ELF notes"));
	assert_int_equal(planned_args(&p).registers[0] | planned_args(&p).registers[1], 0);
	assert_int_equal(p.plan.notes.count, 1);
	assert_non_null(strstr(p.plan.notes.items[0], "does not see its command line"));
	ef_add_banner(&p.kernel);
	p.request.arguments = ARGUMENTS_ELF;
	assert_true(planned_make(&p));
	assert_non_null(planned_segment(&p, "ELF notes"));
	planned_add_initrd(&p, 100);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_USAGE);
	arena_free(&p.arena);
}

static void notes_hold_the_command_line(void **state)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	uint32_t sum = 0;
	struct view notes;
	struct reader r;

	(void)state;
	assert_true(elf_notes_make("one two", &arena, &notes, &err));
	assert_int_equal(word_at(notes, 0), 0x0e1fb007);
	assert_int_equal(word_at(notes, 4), notes.n);
	assert_int_equal(word_at(notes, 8) >> 16, 3);
	r = reader_at(notes, 0);
	for (size_t i = 0; i < notes.n; i += 2)
		sum += reader_le16(&r);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	assert_int_equal(sum, 0xffff);
	/* Notes: sizes of name (0) and content, type, content. */
	assert_int_equal(word_at(notes, 12), 0);
	assert_int_equal(word_at(notes, 16), 5);
	assert_int_equal(word_at(notes, 20), 2);
	assert_string_equal((const char *)notes.p + 24, "Saut");
	assert_int_equal(word_at(notes, notes.n - 16), 8);
	assert_int_equal(word_at(notes, notes.n - 12), 4);
	assert_string_equal((const char *)notes.p + notes.n - 8, "one two");
	arena_free(&arena);
}

static void options_without_effect_are_noted(void **state)
{
	static const struct module module = { .line = "file" };
	struct planned p;

	(void)state;
	begin(&p, true);
	p.request.modules = &module;
	p.request.module_count = 1;
	p.request.entry_point = ENTRY_POINT_32;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 2);
	p.kernel = bz_make(&p.arena);
	p.request.entry_point = ENTRY_POINT_AUTO;
	p.request.arguments = ARGUMENTS_LINUX;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 2);
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(parts_lie_where_they_were_linked),
		CASE(parts_that_share_a_page_become_one),
		CASE(a_place_that_is_taken_is_told),
		CASE(zeros_between_parts_have_an_end),
		CASE(linux_of_64_bits),
		CASE(linux_of_32_bits),
		CASE(linux_has_a_limit_for_its_line),
		CASE(others_find_notes),
		CASE(options_choose_what_it_is_told),
		CASE(notes_hold_the_command_line),
		CASE(options_without_effect_are_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
