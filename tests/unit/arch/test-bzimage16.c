/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The real-mode entry of a bzImage: what its setup code is told, where it lies, and who has none. */
#include "arch/planned.h"

#include "base/fields.h"
#include "stub/abi.h"

enum { STACK_TOP = 0xe000 };

/* A field of the header as the setup code will find it. */
static uint32_t told(const struct planned *p, const char *name)
{
	const struct bz_field *field = bz_field(name);
	struct reader r = reader_at(planned_segment(p, "real-mode code")->data, field->offset);

	return field->width == 1    ? reader_u8(&r)
		: field->width == 2 ? reader_le16(&r)
				    : reader_le32(&r);
}

/* The command line, found as the kernel does. */
static const char *told_line(const struct planned *p)
{
	const struct segment *setup = planned_segment(p, "real-mode code");

	return (const char *)setup->data.p + (told(p, "cmd_line_ptr") - setup->mem.start);
}

static bool noted(const struct planned *p, const char *text)
{
	for (size_t i = 0; i < p->plan.notes.count; i++)
		if (strstr(p->plan.notes.items[i], text))
			return true;
	return false;
}

/* iPXE: no other entry, at 1 MiB, no Linux. */
static void begin_16(struct planned *p, const char *machine)
{
	planned_begin(p, machine);
	bz_set(&p->kernel, "version", 0x0207);
	bz_set(&p->kernel, "code32_start", 0);
	bz_set(&p->kernel, "relocatable_kernel", 0);
	bz_set(&p->kernel, "cmdline_size", 0x7ff);
}

static void what_has_no_other_entry_is_entered_in_real_mode(void **state)
{
	const struct segment *setup;
	struct stub_args args;
	struct planned p;

	(void)state;
	begin_16(&p, "q35-1g");
	assert_true(planned_make(&p));
	args = planned_args(&p);
	setup = planned_segment(&p, "real-mode code");
	assert_int_equal(planned_segment(&p, "kernel")->mem.start, MiB(1));
	assert_int_equal(args.mode, STUB_MODE_REAL);
	assert_int_equal(args.restore, STUB_RESTORE_INTERRUPTS);
	assert_int_equal(args.entry, setup->mem.start + 0x200);
	assert_int_equal(args.registers[0], setup->mem.start / 16);
	assert_int_equal(args.registers[1], STACK_TOP);
	assert_int_equal(told(&p, "code32_start"), 0);
	/* It takes its command line for commands: no word of ours is added. */
	assert_string_equal(told_line(&p), "root=/dev/vda1 quiet");
	arena_free(&p.arena);
}

static void its_setup_code_is_told_what_boot_loaders_tell(void **state)
{
	const struct segment *initrd, *setup;
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	planned_add_initrd(&p, 5000);
	assert_true(planned_make(&p));
	initrd = planned_segment(&p, "initrd");
	setup = planned_segment(&p, "real-mode code");
	assert_memory_equal(setup->data.p + 0x400, bz_version, sizeof bz_version);
	assert_int_equal(told(&p, "type_of_loader"), 0xd0);
	assert_int_equal(told(&p, "loadflags"), 0x81);
	assert_int_equal(told(&p, "heap_end_ptr"), STACK_TOP - 0x400);
	assert_int_equal(told(&p, "vid_mode"), 0xffff);
	assert_int_equal(told(&p, "code32_start"), planned_segment(&p, "kernel")->mem.start);
	assert_int_equal(told(&p, "ramdisk_image"), initrd->mem.start);
	assert_int_equal(told(&p, "ramdisk_size"), 5000);
	assert_string_equal(told_line(&p), "root=/dev/vda1 quiet edd=off");
	assert_true(noted(&p, "edd=off"));
	arena_free(&p.arena);
}

static void without_an_initrd_it_is_told_of_none(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	p.request.command_line = "edd=on";
	assert_true(planned_make(&p));
	assert_int_equal(told(&p, "ramdisk_image"), 0);
	assert_int_equal(told(&p, "ramdisk_size"), 0);
	assert_string_equal(told_line(&p), "edd=on");
	arena_free(&p.arena);
}

static void the_video_mode_is_the_loaders_business(void **state)
{
	static const struct {
		const char *line;
		uint16_t mode;
	} rows[] = {
		{ "", 0xffff },
		{ "vga=normal", 0xffff },
		{ "a vga=ext b", 0xfffe },
		{ "vga=ask", 0xfffd },
		{ "vga=0x317", 0x317 },
		{ "vga=791 quiet", 791 },
		{ "vga=", 0xffff },
		{ "vga=0x10000", 0xffff },
		{ "vga=12x", 0xffff },
		{ "novga=0x317", 0xffff },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		p.request.command_line = rows[i].line;
		assert_true(planned_make(&p));
		assert_int_equal(told(&p, "vid_mode"), rows[i].mode);
	}
	arena_free(&p.arena);
}

/* The first 64 KiB are the BIOS's and the boot loader's; from 0x9fc00 on its extended data. */
static void low_memory_is_used_with_care(void **state)
{
	struct planned p;
	struct range setup, stub;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	assert_true(planned_make(&p));
	setup = planned_segment(&p, "real-mode code")->mem;
	stub = planned_segment(&p, "stub")->mem;
	assert_int_equal(setup.start, KiB(64));
	assert_int_equal(stub.start, range_end(setup));
	assert_true(range_end(stub) <= 0x9f000);
	for (size_t i = 0; i < p.plan.segment_count; i++) {
		struct range mem = p.plan.segments[i].mem;

		assert_true(
			mem.start >= MiB(1) || mem.start == setup.start || mem.start == stub.start);
	}
	arena_free(&p.arena);
}

static void without_low_memory_it_does_not_fit(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	p.request.limits = range_between(MiB(1), PHYS_MAX);
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(p.error, "the real-mode code needs");
	assert_reason(p.error, "below 0x9ffff");
	/* Room for the code, none for the stub. */
	p.request.limits = (struct range){ 0, PHYS_MAX };
	p.machine.ram.items[0] = range_between(0, KiB(64) + STACK_TOP + 0x2000);
	assert_false(planned_make(&p));
	assert_reason(p.error, "the stub needs");
	arena_free(&p.arena);
}

static void setup_code_that_fills_its_segment_is_damaged(void **state)
{
	enum { SETUP = (112 + 1) * 512 };
	struct planned p;
	struct block file;

	(void)state;
	planned_begin(&p, "q35-1g");
	file = (struct block){ arena_alloc(&p.arena, SETUP + BZ_KERNEL), SETUP + BZ_KERNEL, false };
	block_put_bytes(&file, 0, view_first(bz_view(p.kernel), BZ_SETUP));
	block_put_bytes(&file, SETUP, view_from(bz_view(p.kernel), BZ_SETUP));
	p.kernel = file;
	bz_set(&p.kernel, "setup_sects", 112);
	assert_true(planned_make(&p));
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_IMAGE_CORRUPT);
	assert_reason(p.error, "57856 bytes leaves no room for a stack");
	arena_free(&p.arena);
}

static void where_there_is_no_bios_it_is_refused(void **state)
{
	struct planned p;

	(void)state;
	begin_16(&p, "q35-uefi-5g");
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_IMAGE_NO_ENTRY);
	assert_reason(p.error, "16-bit entry only");
	assert_reason(p.error, "started by EFI");
	bz_set(&p.kernel, "code32_start", MiB(1));
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	assert_false(planned_make(&p));
	assert_reason(p.error, FIELD_REAL_MODE " asks for");
	/* A kernel that was told nothing of EFI. */
	p.machine.efi.present = false;
	assert_false(planned_make(&p));
	arena_free(&p.arena);
}

static void some_guests_cannot_leave_64_bits(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.cpu.tdx = true;
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_MACHINE_UNSUPPORTED);
	arena_free(&p.arena);
}

static void the_kernels_own_loader_is_not_asked(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FORMAT_REFUSED);
	assert_reason(p.error, "no 16-bit entry");
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_has_no_other_entry_is_entered_in_real_mode),
		CASE(its_setup_code_is_told_what_boot_loaders_tell),
		CASE(without_an_initrd_it_is_told_of_none),
		CASE(the_video_mode_is_the_loaders_business),
		CASE(low_memory_is_used_with_care),
		CASE(without_low_memory_it_does_not_fit),
		CASE(setup_code_that_fills_its_segment_is_damaged),
		CASE(where_there_is_no_bios_it_is_refused),
		CASE(some_guests_cannot_leave_64_bits),
		CASE(the_kernels_own_loader_is_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
