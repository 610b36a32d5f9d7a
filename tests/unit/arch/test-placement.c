/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the setup header and the request ask of placement, and what is said when it cannot be. */
#include "arch/planned.h"

#include "plan/place.h"

static void the_kernel_lies_where_it_likes_to(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	bz_set(&p.kernel, "pref_address", MiB(64));
	assert_true(planned_make(&p));
	assert_int_equal(planned_segment(&p, "kernel")->mem.start, MiB(64));
	assert_int_equal(planned_segment(&p, "kernel")->mem.size, 8192);
	arena_free(&p.arena);
}

static void its_working_memory_stays_free(void **state)
{
	struct planned p;
	struct range working;

	(void)state;
	planned_begin(&p, "q35-1g");
	planned_add_initrd(&p, MiB(10));
	assert_true(planned_make(&p));
	working = (struct range){ planned_segment(&p, "kernel")->mem.start, MiB(56) };
	for (size_t i = 1; i < p.plan.segment_count; i++)
		assert_false(range_overlaps(p.plan.segments[i].mem, working));
	arena_free(&p.arena);
}

static void alignment_is_kept(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	bz_set(&p.kernel, "kernel_alignment", MiB(16));
	p.request.limits = range_between(MiB(100) + 4096, PHYS_MAX);
	assert_true(planned_make(&p));
	assert_int_equal(planned_segment(&p, "kernel")->mem.start, MiB(112));
	arena_free(&p.arena);
}

static void limits_hold_for_everything(void **state)
{
	struct range limits = range_between(MiB(200), MiB(400));
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-5g");
	planned_add_initrd(&p, MiB(20));
	p.request.limits = limits;
	assert_true(planned_make(&p));
	for (size_t i = 0; i < p.plan.segment_count; i++)
		assert_true(range_contains(limits, p.plan.segments[i].mem));
	arena_free(&p.arena);
}

static void a_kernel_that_cannot_move_gets_its_place_or_nothing(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	bz_set(&p.kernel, "relocatable_kernel", 0);
	assert_true(planned_make(&p));
	assert_int_equal(planned_segment(&p, "kernel")->mem.start, BZ_PREF_ADDRESS);
	p.request.limits = range_between(MiB(32), PHYS_MAX);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "not relocatable and wants 58720256 bytes at 0x1000000");
	arena_free(&p.arena);
}

static void only_kernels_that_can_lie_above_4_gib(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-5g");
	p.request.limits = range_between(GiB(4), PHYS_MAX);
	assert_true(planned_make(&p));
	assert_true(planned_segment(&p, "kernel")->mem.start >= GiB(4));
	assert_true(p.plan.entry >= GiB(4));

	bz_set(&p.kernel, "xloadflags", XLF_KERNEL_64 | XLF_5LEVEL);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "the kernel needs 58720256 bytes");
	arena_free(&p.arena);
}

static void the_initrd_obeys_the_header(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-5g");
	planned_add_initrd(&p, MiB(200));
	bz_set(&p.kernel, "xloadflags", XLF_KERNEL_64 | XLF_5LEVEL);
	bz_set(&p.kernel, "initrd_addr_max", MiB(300) - 1);
	assert_true(planned_make(&p));
	assert_true(range_end(planned_segment(&p, "initrd")->mem) <= MiB(300));
	bz_set(&p.kernel, "initrd_addr_max", MiB(200) - 1);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "the initrd needs 209715200 bytes");
	assert_reason(p.error, "below 0xc7fffff has");
	arena_free(&p.arena);
}

static void an_initrd_larger_than_memory_is_told_with_both_numbers(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "pc-256m");
	planned_add_initrd(&p, MiB(400));
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "the initrd needs 419430400 bytes");
	assert_reason(p.error, "the largest piece");
	arena_free(&p.arena);
}

static void sixteen_segments_and_no_more(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	for (size_t i = 0; i < 13; i++)
		planned_add_initrd(&p, 4096);
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.segment_count, PLAN_SEGMENTS_MAX);
	planned_add_initrd(&p, 4096);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_SEGMENTS);
	assert_reason(p.error, "segment 17; the kernel takes 16, and 14 initrds and 0 modules");
	arena_free(&p.arena);
}

/* A page is full, and Linux looks for zeros behind it, where another one follows. */
static void zeros_are_between_two_initrds(void **state)
{
	struct range first = { 0 }, last = { 0 };
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	planned_add_initrd(&p, 4096);
	planned_add_initrd(&p, 4096);
	assert_true(planned_make(&p));
	for (size_t i = 0; i < p.plan.segment_count; i++)
		if (strcmp(p.plan.segments[i].name, "initrd") == 0) {
			first = last;
			last = p.plan.segments[i].mem;
		}
	assert_int_equal(first.size, 8192);
	assert_int_equal(last.start, range_end(first));
	assert_int_equal(last.size, 4096);
	arena_free(&p.arena);
}

static void the_command_line_has_this_kernels_limit(void **state)
{
	char line[BZ_COMMAND_LINE + 2];
	struct planned p;

	(void)state;
	memset(line, 'x', sizeof line);
	planned_begin(&p, "q35-1g");
	p.request.command_line = line;
	line[BZ_COMMAND_LINE] = '\0';
	assert_true(planned_make(&p));
	line[BZ_COMMAND_LINE] = 'x';
	line[BZ_COMMAND_LINE + 1] = '\0';
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_COMMAND_LINE);
	assert_reason(p.error, "2048 characters, this kernel takes 2047");
	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	arena_free(&p.arena);
}

static void five_levels_only_for_kernels_that_know_them(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.cpu.la57 = true;
	assert_true(planned_make(&p));
	bz_set(&p.kernel, "xloadflags", XLF_KERNEL_64 | XLF_ABOVE_4G);
	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_PAGING);
	p.machine.cpu.la57 = false;
	assert_true(planned_make(&p));
	arena_free(&p.arena);
}

static void old_kernels_are_told_where_acpi_is(void **state)
{
	struct planned p;
	const struct segment *data;

	(void)state;
	planned_begin(&p, "q35-uefi-5g");
	bz_set(&p.kernel, "version", 0x020d);
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 1);
	assert_non_null(strstr(p.plan.notes.items[0], "acpi_rsdp=0x"));
	data = planned_segment(&p, "boot data");
	assert_non_null(memmem(data->data.p, data->data.n, "quiet acpi_rsdp=0x", 18));
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_kernel_lies_where_it_likes_to),
		CASE(its_working_memory_stays_free),
		CASE(alignment_is_kept),
		CASE(limits_hold_for_everything),
		CASE(a_kernel_that_cannot_move_gets_its_place_or_nothing),
		CASE(only_kernels_that_can_lie_above_4_gib),
		CASE(the_initrd_obeys_the_header),
		CASE(an_initrd_larger_than_memory_is_told_with_both_numbers),
		CASE(sixteen_segments_and_no_more),
		CASE(zeros_are_between_two_initrds),
		CASE(the_command_line_has_this_kernels_limit),
		CASE(five_levels_only_for_kernels_that_know_them),
		CASE(old_kernels_are_told_where_acpi_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
