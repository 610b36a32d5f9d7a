/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The 32-bit entry of a bzImage: who takes it, where everything lies, and who has none. */
#include "arch/planned.h"

#include <errno.h>

#include "stub/abi.h"

/* memtest86+ for i386: not relocatable, without an alignment. */
static void begin_32(struct planned *p, const char *machine)
{
	planned_begin(p, machine);
	bz_set(&p->kernel, "xloadflags", XLF_EFI_HANDOVER_32);
	bz_set(&p->kernel, "relocatable_kernel", 0);
	bz_set(&p->kernel, "pref_address", MiB(1));
	bz_set(&p->kernel, "init_size", 500000);
}

static void a_kernel_without_a_64_bit_entry_is_entered_by_the_other(void **state)
{
	struct stub_args args;
	struct planned p;

	(void)state;
	begin_32(&p, "q35-1g");
	assert_true(planned_make(&p));
	args = planned_args(&p);
	assert_int_equal(args.mode, STUB_MODE_32);
	assert_int_equal(args.entry, MiB(1));
	assert_int_equal(planned_segment(&p, "kernel")->mem.start, MiB(1));
	assert_int_equal(args.registers[0], 0);
	assert_int_equal(args.registers[1], 0);
	assert_int_equal(args.registers[2], planned_segment(&p, "boot data")->mem.start);
	assert_int_equal(args.registers[3], 0);
	arena_free(&p.arena);
}

static void the_option_asks_for_it(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).mode, STUB_MODE_64);
	assert_int_equal(planned_args(&p).registers[2], 0);
	p.request.entry_point = ENTRY_POINT_32;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).mode, STUB_MODE_32);
	assert_int_equal(planned_args(&p).entry, planned_segment(&p, "kernel")->mem.start);
	arena_free(&p.arena);
}

/* From a 32-bit kernel there is no other way in, without paging and by that CPU's stub. */
static void a_32_bit_kernel_jumps_in_32_bit_mode(void **state)
{
	struct stub_args args;
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-5g");
	p.machine.arch = ARCH_I386;
	assert_true(planned_make(&p));
	args = planned_args(&p);
	assert_int_equal(p.plan.kexec_arch, 3 << 16);
	assert_int_equal(args.mode, STUB_MODE_32);
	assert_int_equal(args.page_tables[0], 0);
	assert_int_equal(args.registers[2], planned_segment(&p, "boot data")->mem.start);
	for (size_t i = 0; i < p.plan.segment_count; i++)
		assert_true(range_end(p.plan.segments[i].mem) <= GiB(4));
	arena_free(&p.arena);
}

/* Each of its parts is wanted as low as the limits allow, which is above 4 GiB here. */
static void nothing_lies_above_4_gib(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-5g");
	p.request.limits = range_between(GiB(4), PHYS_MAX);
	assert_true(planned_make(&p));
	p.request.entry_point = ENTRY_POINT_32;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	/* The kernel alone finds room; what follows it does not. */
	p.request.limits = range_between(MiB(16), MiB(16) + MiB(56));
	assert_false(planned_make(&p));
	assert_reason(p.error, "the boot data needs");
	arena_free(&p.arena);
}

static void the_stub_is_bound_as_well(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-5g");
	p.request.entry_point = ENTRY_POINT_32;
	/* Room for the kernel and the boot data below 4 GiB, none for the stub. */
	p.machine.ram.items[0] = range_between(MiB(16), MiB(16) + MiB(56) + 8192);
	assert_int_equal(p.machine.ram.items[p.machine.ram.count - 1].start, GiB(4));
	p.machine.ram.items[1] = p.machine.ram.items[p.machine.ram.count - 1];
	p.machine.ram.count = 2;
	assert_false(planned_make(&p));
	assert_reason(p.error, "the stub needs");
	arena_free(&p.arena);
}

static void some_guests_cannot_leave_64_bits(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.cpu.tdx = true;
	assert_true(planned_make(&p));
	p.request.entry_point = ENTRY_POINT_32;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_MACHINE_UNSUPPORTED);
	arena_free(&p.arena);
}

static void paging_of_five_levels_is_left_behind(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.cpu.la57 = true;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).mode, STUB_MODE_64);
	bz_set(&p.kernel, "xloadflags", XLF_KERNEL_64 | XLF_ABOVE_4G);
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).mode, STUB_MODE_32);
	arena_free(&p.arena);
}

static void the_kernels_own_loader_is_not_asked(void **state)
{
	enum kexec_call other;
	struct planned p;

	(void)state;
	begin_32(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	p.machine.kexec.signature_forced = ANSWER_YES; /* it would be preferred else */
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	assert_false(plan_fall_back(&p.plan, &p.machine, EINVAL, &other));
	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FORMAT_REFUSED);
	assert_reason(p.error, "64-bit entry");
	p.request.call = CALL_AUTO;
	p.machine.kexec.load = ANSWER_NO;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_SYSCALL);
	p.machine.kexec.load = ANSWER_YES;
	p.machine.kexec.lockdown = LOCKDOWN_INTEGRITY;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_LOCKDOWN);
	arena_free(&p.arena);
}

static void asking_for_32_bits_is_asking_for_kexec_load(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_FILE_LOAD;
	assert_true(planned_make(&p));
	p.request.entry_point = ENTRY_POINT_32;
	assert_false(planned_make(&p));
	assert_reason(p.error, "no 32-bit entry");
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_kernel_without_a_64_bit_entry_is_entered_by_the_other),
		CASE(the_option_asks_for_it),
		CASE(a_32_bit_kernel_jumps_in_32_bit_mode),
		CASE(nothing_lies_above_4_gib),
		CASE(the_stub_is_bound_as_well),
		CASE(some_guests_cannot_leave_64_bits),
		CASE(paging_of_five_levels_is_left_behind),
		CASE(the_kernels_own_loader_is_not_asked),
		CASE(asking_for_32_bits_is_asking_for_kexec_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
