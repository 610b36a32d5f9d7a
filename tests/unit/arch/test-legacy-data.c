/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A Multiboot kernel on a machine with EFI: how it finds ACPI, and what it is told of EFI. */
#include "arch/planned.h"

#include "base/fields.h"
#include "image/elf-file.h"
#include "stub/abi.h"

enum {
	TAG_EFI_TABLE = 12,
	TAG_ACPI_1 = 14,
	TAG_ACPI_2 = 15,
	TAG_EFI_MAP = 17,
	DESCRIPTOR = 40,
};

static void begin(struct planned *p, unsigned version, const char *machine)
{
	planned_begin(p, machine);
	p->kernel = ef_make(&p->arena, false);
	if (version == 1)
		ef_add_multiboot_1(&p->kernel, 3);
	else
		ef_add_multiboot_2(&p->kernel, 16 + 8);
	if (version == 2)
		ef_add_tag(&p->kernel, EF_HEADER_AT + 16, 0, 0, 8);
}

static uint64_t number_at(struct view v, uint64_t at, unsigned size)
{
	struct reader r = reader_at(v, at);
	uint64_t number = size == 2 ? reader_le16(&r)
		: size == 4         ? reader_le32(&r)
				    : reader_le64(&r);

	assert_false(r.overrun);
	return number;
}

/* The bytes behind a tag's header; empty where there is none of this type. */
static struct view tag(const struct planned *p, uint32_t type)
{
	struct view info = planned_segment(p, "boot data")->data;
	uint64_t at = 8;

	for (; number_at(info, at, 4) != 0; at += (number_at(info, at + 4, 4) + 7) & ~7u)
		if (number_at(info, at, 4) == type)
			return view_first(view_from(info, at + 8), number_at(info, at + 4, 4) - 8);
	return (struct view){ 0 };
}

static phys_t address_of(const struct planned *p, struct view part)
{
	const struct segment *info = planned_segment(p, "boot data");

	return info->mem.start + (uint64_t)(part.p - info->data.p);
}

static void assert_copy(const struct stub_args *args, phys_t from, phys_t to, uint64_t size)
{
	for (uint32_t i = 0; i < args->copy_count; i++)
		if (args->copies[i].to == to) {
			assert_int_equal(args->copies[i].from, from);
			assert_int_equal(args->copies[i].size, size);
			return;
		}
	assert_true(false); /* no such copy */
}

static void the_stub_copies_the_root_pointer(void **state)
{
	struct stub_args args;
	struct planned p;

	(void)state;
	begin(&p, 2, "q35-uefi-5g");
	assert_true(planned_make(&p));
	args = planned_args(&p);
	assert_true(p.machine.rsdp > MiB(1));
	assert_int_equal(tag(&p, TAG_ACPI_1).n, 20);
	assert_int_equal(tag(&p, TAG_ACPI_2).n, 36);
	assert_copy(&args, p.machine.rsdp, address_of(&p, tag(&p, TAG_ACPI_1)), 20);
	assert_copy(&args, p.machine.rsdp, address_of(&p, tag(&p, TAG_ACPI_2)), 36);
	arena_free(&p.arena);
}

/* Where a PC's BIOS has it, for both versions: the last page of low memory, which is no RAM then. */
static void it_is_found_where_a_bios_has_it(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 2; version++) {
		const struct segment *data;
		struct stub_args args;
		struct planned p;

		begin(&p, version, "q35-uefi-5g");
		assert_true(planned_make(&p));
		args = planned_args(&p);
		data = planned_segment(&p, "BIOS data");
		assert_int_equal(data->mem.start, 0x9f000);
		assert_copy(&args, p.machine.rsdp, 0x9f010, 36);
		assert_copy(&args, 0x9f100, 0x40e, 2);
		assert_copy(&args, 0x9f102, 0x413, 2);
		assert_int_equal(number_at(data->data, 0x100, 2), 0x9f00);
		assert_int_equal(number_at(data->data, 0x102, 2), 0x9f000 / 1024);
		if (version == 2) {
			struct view lower = tag(&p, 4), map = tag(&p, 6);
			bool found = false;

			assert_int_equal(number_at(lower, 0, 4), 0x9f000 / 1024);
			for (uint64_t at = 8; at < map.n; at += 24)
				found |= number_at(map, at, 8) == 0x9f000 &&
					number_at(map, at + 8, 8) == 0x1000 &&
					number_at(map, at + 16, 4) == MEMORY_RESERVED;
			assert_true(found);
		}
		arena_free(&p.arena);
	}
}

static void the_map_of_efi_is_whole(void **state)
{
	size_t runtime = 0;
	struct planned p;
	struct view map;
	phys_t end = 0;

	(void)state;
	begin(&p, 2, "q35-uefi-5g");
	assert_true(planned_make(&p));
	assert_true(number_at(tag(&p, TAG_EFI_TABLE), 0, 8) != 0);
	map = tag(&p, TAG_EFI_MAP);
	assert_int_equal(number_at(map, 0, 4), DESCRIPTOR);
	assert_int_equal(number_at(map, 4, 4), 1);
	assert_int_equal((map.n - 8) % DESCRIPTOR, 0);
	for (uint64_t at = 8; at < map.n; at += DESCRIPTOR) {
		phys_t start = number_at(map, at + 8, 8);

		assert_true(start >= end);
		end = start + number_at(map, at + 24, 8) * 4096;
		runtime += number_at(map, at + 16, 8) != 0;
	}
	assert_true(p.machine.efi.region_count > 0);
	assert_int_equal(runtime, p.machine.efi.region_count);
	arena_free(&p.arena);
}

static void it_can_be_told_nothing_of_efi(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, 2, "q35-uefi-5g");
	p.request.quirks.no_efi = true;
	assert_true(planned_make(&p));
	assert_int_equal(tag(&p, TAG_EFI_TABLE).n, 0);
	assert_int_equal(tag(&p, TAG_EFI_MAP).n, 0);
	assert_int_equal(tag(&p, TAG_ACPI_2).n, 36);
	arena_free(&p.arena);
}

static void a_bios_is_left_alone(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 2; version++) {
		struct stub_args args;
		struct planned p;

		begin(&p, version, "q35-5g");
		assert_true(planned_make(&p));
		args = planned_args(&p);
		assert_null(planned_segment(&p, "BIOS data"));
		assert_int_equal(args.copy_count, version == 1 ? 0 : 1);
		if (version == 2) {
			assert_copy(&args, p.machine.rsdp, address_of(&p, tag(&p, TAG_ACPI_1)), 20);
			assert_int_equal(tag(&p, TAG_ACPI_2).n, 0);
			assert_int_equal(tag(&p, TAG_EFI_MAP).n, 0);
		}
		arena_free(&p.arena);
	}
}

static void without_low_memory_nothing_is_given(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, 2, "q35-uefi-5g");
	p.request.limits = range_between(MiB(1), PHYS_MAX);
	assert_true(planned_make(&p));
	assert_null(planned_segment(&p, "BIOS data"));
	assert_int_equal(planned_args(&p).copy_count, 2);
	arena_free(&p.arena);
}

static void who_calls_the_bios_is_warned_of(void **state)
{
	struct planned p;

	(void)state;
	begin(&p, 2, "q35-uefi-5g");
	p.request.command_line = "console=com1";
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 2);
	assert_non_null(strstr(p.plan.notes.items[0], "no-real-mode"));
	assert_non_null(strstr(p.plan.notes.items[1], FIELD_NOEFI));
	p.request.command_line = "console=com1 no-real-mode";
	p.request.quirks.no_efi = true;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 0);
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_stub_copies_the_root_pointer),
		CASE(it_is_found_where_a_bios_has_it),
		CASE(the_map_of_efi_is_whole),
		CASE(it_can_be_told_nothing_of_efi),
		CASE(a_bios_is_left_alone),
		CASE(without_low_memory_nothing_is_given),
		CASE(who_calls_the_bios_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
