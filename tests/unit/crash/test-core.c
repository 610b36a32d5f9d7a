/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a core is, what is none, and where memory lies in it by the headers or by what the kernel says. */
#include "test.h"

#include "crash/made-core.h"

/* Each is asked by the log, whose image and heap lie apart. */
static void assert_log(const struct made_wish *wish)
{
	struct made_output output;
	struct error err = { 0 };
	struct made_core core;

	made_begin(&core, wish);
	made_add(&core, 0, "found");
	if (!made_read(&core.file, &output, &err))
		fail_msg("machine %u: %s", wish->machine, err.reason);
	assert_string_equal(output.text, "[    0.000000] found\n");
}

/* By what each kernel tells: the image is at 0x1000000, the heap at 0x4000000 of physical memory. */
static void addresses_are_found_by_numbers(void **state)
{
	static const struct made_wish wishes[] = {
		/* arm64 from 5.4 on: memory in the lower half of the kernel's space, the image in the upper. */
		{ MADE_RING, true, false, 183, true,
			"NUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xffff800080000000\n"
			"NUMBER(PHYS_OFFSET)=0x1000000\n",
			UINT64_C(0xffff800081000000), UINT64_C(0xffff000003000000) },
		/* Before, the other way around. */
		{ MADE_PRINTK_LOG, true, false, 183, true,
			"NUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xffff000007000000\n"
			"NUMBER(PHYS_OFFSET)=0x1000000\n",
			UINT64_C(0xffff000008000000), UINT64_C(0xffff800003000000) },
		{ MADE_RING, true, false, 243, true,
			"NUMBER(phys_ram_base)=0x1000000\nNUMBER(PAGE_OFFSET)=0xffffffd800000000\n"
			"NUMBER(va_kernel_pa_offset)=0xffffffff7f000000\n",
			UINT64_C(0xffffffff80000000), UINT64_C(0xffffffd803000000) },
		{ MADE_RING, true, false, 258, true, NULL, UINT64_C(0x9000000001000000),
			UINT64_C(0x9000000004000000) },
		/* x86-64 tells of the image alone, in which the first buffer is. */
		{ MADE_RING, true, false, 62, true, "NUMBER(phys_base)=-16777216\n",
			UINT64_C(0xffffffff82000000), UINT64_C(0xffffffff85000000) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++)
		assert_log(&wishes[i]);
}

/* A 32-bit kernel whose core is told in 64 bits, as with PAE. */
static void i386_in_an_elf_of_64_bits(void **state)
{
	(void)state;
	assert_log(&(struct made_wish){ MADE_RING, true, false, 3 });
	assert_log(&(struct made_wish){ MADE_LOG, true, false, 3 });
}

static void assert_refused(struct made_core *core, enum fault fault, const char *reason)
{
	struct made_output output;
	struct error err = { 0 };

	assert_false(made_read(&core->file, &output, &err));
	assert_int_equal(err.fault, fault);
	assert_reason(err, reason);
}

static void begin(struct made_core *core)
{
	made_begin(core, &(struct made_wish){ MADE_RING, true });
	made_add(core, 0, "text");
}

static void no_address_is_made_up(void **state)
{
	struct made_core core;

	(void)state;
	made_begin(&core, &(struct made_wish){ MADE_RING, true, .hides_virtual = true });
	assert_refused(
		&core, FAULT_CORE_DAMAGED, "no memory of the kernel's address 0xffffffff81000000");
}

static void dumps_of_other_kinds_are_named(void **state)
{
	static const struct {
		const char *begins, *reason;
	} rows[] = {
		{ "KDUMP   ", "a compressed dump of makedumpfile" },
		{ "DISKDUMP", "a compressed dump of diskdump" },
		{ "makedumpfile", "a flattened dump of makedumpfile" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made_core core;

		begin(&core);
		memcpy(core.bytes, rows[i].begins, strlen(rows[i].begins));
		assert_refused(&core, FAULT_CORE_PACKED, rows[i].reason);
	}
}

static void other_files_are_none(void **state)
{
	struct made_core core;

	(void)state;
	begin(&core);
	core.bytes[0] = '#';
	assert_refused(&core, FAULT_CORE_UNKNOWN, "no ELF file");
	begin(&core);
	core.bytes[4] = 3;
	assert_refused(&core, FAULT_CORE_UNKNOWN, "class 3");
	begin(&core);
	core.bytes[16] = 2;
	assert_refused(&core, FAULT_CORE_UNKNOWN, "an ELF file of type 2");
	begin(&core);
	core.file.size = 5;
	assert_refused(&core, FAULT_CORE_UNKNOWN, "only 5 bytes");
}

static void headers_are_checked(void **state)
{
	struct made_core core;

	(void)state;
	begin(&core);
	core.bytes[54] = 57;
	assert_refused(&core, FAULT_CORE_DAMAGED, "3 program headers of 57 bytes");
	begin(&core);
	memset(core.bytes + 32, 0xff, 8);
	assert_refused(&core, FAULT_CORE_DAMAGED, "reach past its end");
	begin(&core);
	memset(core.bytes + 64 + 32, 0xff, 8);
	assert_refused(&core, FAULT_CORE_DAMAGED, "its notes");
	begin(&core);
	core.bytes[64] = 5;
	assert_refused(&core, FAULT_CORE_NO_LOG, "no note VMCOREINFO");
}

/* More program headers than e_phnum can say: the number is in the first section's header. */
static void many_headers(void **state)
{
	struct made_output output;
	struct error err = { 0 };
	struct made_core core;

	(void)state;
	begin(&core);
	core.bytes[56] = core.bytes[57] = 0xff;
	core.bytes[40] = 0x00;
	core.bytes[41] = 0x0f;
	core.bytes[0xf00 + 44] = 3;
	assert_true(made_read(&core.file, &output, &err));
	assert_string_equal(output.text, "[    0.000000] text\n");
}

/* What makedumpfile has left out of an ELF file is zeros. */
static void what_the_file_leaves_out_is_zeros(void **state)
{
	uint8_t bytes[16];
	struct block to = { bytes, sizeof bytes };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct made_core made;
	struct core core;

	(void)state;
	begin(&made);
	/* p_filesz of the heap. */
	memset(made.bytes + 64 + 2 * 56 + 32, 0, 8);
	made.bytes[64 + 2 * 56 + 32] = 8;
	made_put(&made, true, 0, 8, 0x0102030405060708);
	assert_true(core_open(&made.file, &arena, &core, &err));
	memset(bytes, 0xff, sizeof bytes);
	assert_true(core_read(&core, made.wish.heap, &to, &err));
	assert_int_equal(core_number(&core, (struct view){ bytes, 8 }), 0x0102030405060708);
	assert_int_equal(core_number(&core, (struct view){ bytes + 8, 8 }), 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(addresses_are_found_by_numbers),
		CASE(i386_in_an_elf_of_64_bits),
		CASE(no_address_is_made_up),
		CASE(dumps_of_other_kinds_are_named),
		CASE(other_files_are_none),
		CASE(headers_are_checked),
		CASE(many_headers),
		CASE(what_the_file_leaves_out_is_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
