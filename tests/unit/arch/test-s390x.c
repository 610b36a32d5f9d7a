/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a kernel for s390x lies, which is loaded to address 0, and what it and the stub are told. */
#include "arch/planned.h"

struct zed {
	struct planned p;
	struct range ram, reserved, running;
};

static void begin(struct zed *o)
{
	struct planned *p = &o->p;

	*o = (struct zed){ .ram = { 0, GiB(1) } };
	p->machine = (struct machine){ .arch = ARCH_S390X,
		.command_line = "quiet",
		.uname_release = "6.1",
		.ram = { &o->ram, 1 },
		.reserved = { &o->reserved, 0 },
		.running = { MiB(1), MiB(18) },
		.page_size = KiB(4) };
	p->request = (struct request){ .command_line = "root=/dev/vda1 quiet",
		.call = CALL_LOAD,
		.check = CHECK_NONE,
		.limits = { 0, PHYS_MAX },
		.initrds = p->initrds };
	planned_choose_kernel(p);
	planned_add_initrd(p, MiB(1) + 5);
}

static void end(struct zed *o)
{
	arena_free(&o->p.arena);
}

static void refused(struct zed *o, enum fault fault, const char *reason)
{
	planned_must_not(&o->p, fault, reason);
	end(o);
}

static uint64_t told(const struct zed *o, uint64_t at)
{
	struct reader r = reader_at(planned_segment(&o->p, "kernel")->data, at);

	return reader_be64(&r);
}

static void the_kernel_lies_at_address_0_and_is_told_of_the_rest(void **state)
{
	const struct segment *kernel, *rest, *initrd;
	struct zed o;

	(void)state;
	begin(&o);
	planned_must(&o.p);
	kernel = &o.p.plan.segments[0];
	rest = &o.p.plan.segments[1];
	initrd = planned_segment(&o.p, "initrd");
	assert_int_equal(kernel->mem.start, 0);
	assert_int_equal(rest->mem.start, range_end(kernel->mem));
	assert_int_equal(kernel->data.n + rest->data.n, o.p.kernel.n);
	assert_ptr_equal(rest->data.p, o.p.kernel.p + kernel->data.n);
	assert_int_equal(told(&o, 0x10408), initrd->mem.start);
	assert_int_equal(told(&o, 0x10410), MiB(1) + 5);
	assert_int_equal(told(&o, 0x10418), 0);
	assert_int_equal(told(&o, 0x10420), 0);
	assert_int_equal(told(&o, 0x10430), 4096);
	assert_true(initrd->mem.start >= 8 * o.p.kernel.n);
	assert_true(planned_segment(&o.p, "stub")->mem.start >= 8 * o.p.kernel.n);
	assert_memory_equal(
		kernel->data.p + SF_LINE, "root=/dev/vda1 quiet saut.words=1 saut.record=", 46);
	end(&o);
}

/* Of the running kernel's image, what the next one lies in and unpacks itself to; nothing else does. */
static void the_running_kernels_code_is_forgotten(void **state)
{
	struct stub_args args;
	struct zed o;

	(void)state;
	begin(&o);
	planned_must(&o.p);
	args = planned_args(&o.p);
	assert_int_equal(args.registers[0], MiB(1));
	assert_int_equal(args.registers[0] + args.registers[1], MiB(19));
	end(&o);
	begin(&o);
	o.p.machine.running = (struct range){ 0 };
	planned_must(&o.p);
	assert_int_equal(planned_args(&o.p).registers[1], 0);
	end(&o);
	begin(&o);
	o.reserved = (struct range){ MiB(15), MiB(1) };
	o.p.machine.reserved.count = 1;
	planned_must(&o.p);
	args = planned_args(&o.p);
	assert_true(args.registers[0] + args.registers[1] <= MiB(15));
	assert_true(planned_segment(&o.p, "initrd")->mem.start >=
		args.registers[0] + args.registers[1]);
	end(&o);
}

static void without_an_initrd_none_is_told_of(void **state)
{
	struct zed o;

	(void)state;
	begin(&o);
	o.p.request.initrd_count = 0;
	block_put_be64(&o.p.kernel, 0x10408, 0x1234);
	block_put_be64(&o.p.kernel, 0x10420, 0x5678);
	planned_must(&o.p);
	assert_int_equal(told(&o, 0x10408), 0);
	assert_int_equal(told(&o, 0x10410), 0);
	assert_int_equal(told(&o, 0x10420), 0);
	end(&o);
}

/* The first page starts the stub, and takes its exceptions to it; the stub puts back what the kernel had there. */
static void the_first_page_leads_to_the_stub(void **state)
{
	struct stub_args args;
	const struct segment *beside;
	struct reader r;
	uint64_t stub;
	struct zed o;

	(void)state;
	begin(&o);
	planned_must(&o.p);
	args = planned_args(&o.p);
	beside = planned_segment(&o.p, "IPL report");
	stub = planned_segment(&o.p, "stub")->mem.start;
	assert_int_equal(o.p.plan.entry, stub + STUB_ENTRY_OFFSET);
	assert_int_equal(told(&o, 0), 0x0008000080000000 | o.p.plan.entry);
	assert_int_equal(told(&o, 0x1d0), 0x0000000180000000);
	assert_int_equal(told(&o, 0x1d8), o.p.plan.entry + STUB_S390X_FAULT);
	assert_int_equal(told(&o, 0x10), 0x0200006800000000 | (beside->mem.start + 32));
	assert_int_equal(args.entry, 0x10000);
	assert_int_equal(args.console, STUB_CONSOLE_SCLP);
	assert_int_equal(args.reset, STUB_RESET_CPU);
	assert_int_equal(args.copy_count, 2);
	assert_int_equal(args.copies[0].to, 0);
	assert_int_equal(args.copies[1].to, 0x1d0);
	for (unsigned i = 0; i < 2; i++)
		assert_memory_equal(beside->data.p + (args.copies[i].from - beside->mem.start),
			o.p.kernel.p + args.copies[i].to, args.copies[i].size);
	r = reader_at(beside->data, 32);
	assert_int_equal(reader_be32(&r), 8); /* an IPL block that is its header */
	reader_skip(&r, 4);
	assert_int_equal(reader_be32(&r), 16); /* and such a report */
	end(&o);
}

static void what_the_cpu_must_reach_is_below_2_gib(void **state)
{
	struct zed o;

	(void)state;
	begin(&o);
	o.ram.size = GiB(8);
	o.p.request.initrds = o.p.initrds;
	planned_add_initrd(&o.p, GiB(2));
	planned_must(&o.p);
	assert_true(range_end(planned_segment(&o.p, "stub")->mem) <= GiB(2));
	assert_true(range_end(planned_segment(&o.p, "IPL report")->mem) <= GiB(2));
	end(&o);
}

static void a_line_that_leaves_no_room_has_no_record(void **state)
{
	char line[4097] = { 0 };
	struct zed o;

	(void)state;
	memset(line, 'x', 4095);
	begin(&o);
	o.p.request.command_line = line;
	planned_must(&o.p);
	assert_int_equal(planned_args(&o.p).record, 0);
	assert_int_equal(planned_segment(&o.p, "kernel")->data.p[SF_LINE + 4095], 0);
	end(&o);
	line[4095] = 'x';
	begin(&o);
	o.p.request.command_line = line;
	refused(&o, FAULT_FIT_COMMAND_LINE,
		"the command line has 4096 characters, this kernel takes 4095");
}

/* A byte beyond ASCII has the kernel take the whole line for EBCDIC. */
static void a_line_that_is_not_ascii_is_refused(void **state)
{
	struct zed o;

	(void)state;
	begin(&o);
	o.p.request.command_line = "name=\xc3\xa9t\xc3\xa9";
	refused(&o, FAULT_USAGE, "the command line has characters beyond ASCII");
}

static void what_it_cannot_do_is_refused_by_name(void **state)
{
	struct zed o;

	(void)state;
	begin(&o);
	o.p.request.crash = true;
	o.p.machine.crash = (struct ranges){ &o.running, 1 };
	refused(&o, FAULT_MACHINE_UNSUPPORTED,
		"crash kernels for s390x are loaded by kexec_file_load alone");
	begin(&o);
	o.p.request.crash = true;
	refused(&o, FAULT_MACHINE_UNSUPPORTED,
		"crash kernels for s390x are loaded by kexec_file_load alone");
	begin(&o);
	o.p.request.crash = true;
	o.p.request.call = CALL_FILE_LOAD;
	o.p.machine.crash = (struct ranges){ &o.running, 1 };
	planned_must(&o.p);
	assert_int_equal(o.p.plan.call, CALL_FILE_LOAD);
	arena_free(&o.p.arena);
	begin(&o);
	o.ram = (struct range){ MiB(1), GiB(1) };
	refused(&o, FAULT_FIT_MEMORY, "the kernel lies at address 0 and needs");
	begin(&o);
	o.p.kernel = bz_make(&o.p.arena);
	refused(&o, FAULT_IMAGE_OTHER_ARCH, "this is a kernel for x86-64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_kernel_lies_at_address_0_and_is_told_of_the_rest),
		CASE(the_running_kernels_code_is_forgotten),
		CASE(without_an_initrd_none_is_told_of),
		CASE(the_first_page_leads_to_the_stub),
		CASE(what_the_cpu_must_reach_is_below_2_gib),
		CASE(a_line_that_leaves_no_room_has_no_record),
		CASE(a_line_that_is_not_ascii_is_refused),
		CASE(what_it_cannot_do_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
