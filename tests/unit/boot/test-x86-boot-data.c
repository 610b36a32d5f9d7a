/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The zero page field by field, on machines that have what goes into it. */
#include "arch/planned.h"

#include "boot/x86-boot-data.h"

enum { ADDRESS = 0x200000 };

struct made {
	struct planned p;
	struct x86_boot_request request;
	struct x86_boot_data data;
	struct notes notes;
};

static void begin(struct made *m, const char *machine)
{
	*m = (struct made){ 0 };
	planned_begin(&m->p, machine);
	assert_true(planned_make(&m->p));
	m->request = (struct x86_boot_request){
		.kernel = &m->p.image.bzimage,
		.machine = &m->p.machine,
		.command_line = "root=/dev/vda1",
	};
}

static void make(struct made *m)
{
	m->notes = (struct notes){ .arena = &m->p.arena };
	assert_true(x86_boot_data_make(
		&m->request, ADDRESS, &m->p.arena, &m->notes, &m->data, &m->p.error));
}

static struct reader at(const struct made *m, uint64_t offset)
{
	return reader_at((struct view){ m->data.bytes, m->data.size }, offset);
}

static uint64_t le32(const struct made *m, uint64_t offset)
{
	struct reader r = at(m, offset);

	return reader_le32(&r);
}

static uint64_t le64(const struct made *m, uint64_t offset)
{
	struct reader r = at(m, offset);

	return reader_le64(&r);
}

/* The offset of the data of the setup_data node of this type; 0: there is none. */
static uint64_t find_node(const struct made *m, uint32_t type, uint64_t *ret_size)
{
	for (uint64_t node = le64(m, 0x250); node; node = le64(m, node - ADDRESS)) {
		assert_true(node > ADDRESS && node < ADDRESS + m->data.size);
		if (le32(m, node - ADDRESS + 8) != type)
			continue;
		*ret_size = le32(m, node - ADDRESS + 12);
		return node - ADDRESS + 16;
	}
	return 0;
}

static void the_header_is_passed_on_and_completed(void **state)
{
	struct made m;

	(void)state;
	begin(&m, "q35-1g");
	m.request.initrd = (struct range){ 0x123456789000, 0x1234567890 };
	make(&m);
	assert_memory_equal(m.data.bytes + 0x202, "HdrS", 4);
	assert_int_equal(m.data.bytes[0x210], 0xd0);
	assert_int_equal(le32(&m, 0x218), 0x56789000);
	assert_int_equal(le32(&m, 0x0c0), 0x1234);
	assert_int_equal(le32(&m, 0x21c), 0x34567890);
	assert_int_equal(le32(&m, 0x0c4), 0x12);
	assert_int_equal(le32(&m, 0x228), ADDRESS + m.data.command_line);
	assert_int_equal(le32(&m, 0x0c8), 0);
	assert_string_equal((char *)m.data.bytes + m.data.command_line, "root=/dev/vda1");
	arena_free(&m.p.arena);
}

static void without_an_initrd_there_is_none(void **state)
{
	struct made m;

	(void)state;
	begin(&m, "q35-1g");
	make(&m);
	assert_int_equal(le32(&m, 0x218), 0);
	assert_int_equal(le32(&m, 0x21c), 0);
	assert_int_equal(le64(&m, 0x250), 0);
	arena_free(&m.p.arena);
}

static void the_firmwares_map_arrives(void **state)
{
	struct made m;

	(void)state;
	begin(&m, "q35-5g");
	make(&m);
	assert_int_equal(m.data.bytes[0x1e8], m.p.machine.memory.count);
	for (size_t i = 0; i < m.p.machine.memory.count; i++) {
		const struct memory_entry *entry = &m.p.machine.memory.items[i];

		assert_int_equal(le64(&m, 0x2d0 + 20 * i), entry->range.start);
		assert_int_equal(le64(&m, 0x2d8 + 20 * i), entry->range.size);
		assert_int_equal(le32(&m, 0x2e0 + 20 * i), entry->type);
	}
	arena_free(&m.p.arena);
}

static void more_than_128_entries_continue_in_setup_data(void **state)
{
	struct memory_entry entries[300];
	struct made m;
	uint64_t node, size = 0;

	(void)state;
	for (size_t i = 0; i < 300; i++)
		entries[i] = (struct memory_entry){ { i * MiB(2), MiB(1) }, MEMORY_RAM };
	begin(&m, "q35-1g");
	m.p.machine.memory = (struct memory_map){ .items = entries, .count = 300 };
	make(&m);
	assert_int_equal(m.data.bytes[0x1e8], 128);
	assert_int_equal(le64(&m, 0x2d0 + 20 * 127), 127 * MiB(2));
	node = find_node(&m, 1, &size);
	assert_true(node != 0);
	assert_int_equal(size, (300 - 128) * 20);
	assert_int_equal(le64(&m, node), 128 * MiB(2));
	assert_int_equal(le64(&m, node + 171 * 20), 299 * MiB(2));
	arena_free(&m.p.arena);
}

static void efi_is_handed_on(void **state)
{
	struct made m;
	const struct efi_facts *efi;
	uint64_t node, size = 0, map;

	(void)state;
	begin(&m, "q35-uefi-5g");
	make(&m);
	efi = &m.p.machine.efi;
	assert_true(efi->region_count > 0);
	assert_memory_equal(m.data.bytes + 0x1c0, "EL64", 4);
	assert_memory_equal(m.data.bytes + 0x1c4, m.p.machine.boot_params.p + 0x1c4, 4);
	assert_int_equal(le32(&m, 0x1c8), 40);
	assert_int_equal(le32(&m, 0x1cc), 1);
	assert_int_equal(le32(&m, 0x1d4), 40 * efi->region_count);
	map = le32(&m, 0x1d0) - ADDRESS;
	for (size_t i = 0; i < efi->region_count; i++) {
		assert_int_equal(le32(&m, map + 40 * i), efi->regions[i].type);
		assert_int_equal(le64(&m, map + 40 * i + 8), efi->regions[i].phys);
		assert_int_equal(le64(&m, map + 40 * i + 16), efi->regions[i].virt);
		assert_int_equal(le64(&m, map + 40 * i + 24), efi->regions[i].pages);
		assert_int_equal(le64(&m, map + 40 * i + 32), efi->regions[i].attribute);
	}
	node = find_node(&m, 4, &size);
	assert_true(node != 0);
	assert_int_equal(size, 96);
	assert_int_equal(le64(&m, node), efi->fw_vendor);
	assert_int_equal(le64(&m, node + 16), efi->config_table);
	assert_int_equal(le64(&m, node + 24), efi->smbios);
	assert_int_equal(le64(&m, 0x070), m.p.machine.rsdp);
	assert_int_equal(m.notes.count, 0);
	arena_free(&m.p.arena);
}

static void efi_without_its_map_is_left_out_and_said(void **state)
{
	struct made m;

	(void)state;
	begin(&m, "q35-uefi-5g");
	m.p.machine.efi.region_count = 0;
	make(&m);
	assert_int_equal(le32(&m, 0x1c0), 0);
	assert_int_equal(m.notes.count, 1);
	assert_non_null(strstr(m.notes.items[0], "EFI runtime"));

	arena_free(&m.p.arena);

	/* What was asked for is not news. */
	begin(&m, "q35-uefi-5g");
	m.request.no_efi = true;
	make(&m);
	assert_int_equal(le32(&m, 0x1c0), 0);
	assert_int_equal(m.notes.count, 0);
	arena_free(&m.p.arena);
}

static void a_screen_that_a_driver_took_over_is_not_promised(void **state)
{
	struct made m;

	(void)state;
	begin(&m, "q35-uefi-5g");
	m.p.machine.framebuffer.owner = FRAMEBUFFER_FIRMWARE;
	make(&m);
	assert_memory_equal(m.data.bytes, m.p.machine.boot_params.p, 0x40);
	assert_int_not_equal(m.data.bytes[0x0f], 0);

	m.p.machine.framebuffer.owner = FRAMEBUFFER_DRIVER;
	m.p.machine.framebuffer.driver = "amdgpudrmfb";
	make(&m);
	assert_int_equal(m.data.bytes[0x0f], 0);
	assert_int_equal(m.notes.count, 1);
	assert_non_null(strstr(m.notes.items[0], "amdgpudrmfb"));

	m.request.keep_screen_info = true;
	make(&m);
	assert_int_not_equal(m.data.bytes[0x0f], 0);
	assert_int_equal(m.notes.count, 0);
	arena_free(&m.p.arena);
}

static void edd_of_the_firmware_is_kept(void **state)
{
	uint8_t params[4096] = { 0 };
	struct made m;

	(void)state;
	begin(&m, "q35-1g");
	params[0x1e9] = 2;
	params[0x1ea] = 1;
	params[0x290] = 0xab;
	params[0xd00] = 0x80;
	params[0xd00 + 6 * 82 - 1] = 0xcd;
	m.p.machine.boot_params = (struct view){ params, sizeof params };
	make(&m);
	assert_int_equal(m.data.bytes[0x1e9], 2);
	assert_int_equal(m.data.bytes[0x1ea], 1);
	assert_int_equal(m.data.bytes[0x290], 0xab);
	assert_int_equal(m.data.bytes[0xd00], 0x80);
	assert_int_equal(m.data.bytes[0xd00 + 6 * 82 - 1], 0xcd);
	arena_free(&m.p.arena);
}

static void seed_and_record_travel_as_setup_data(void **state)
{
	static const uint8_t seed[32] = "thirty-two bytes of randomness.";
	static const uint8_t record[56] = { 0x53, 0x41, 0x55, 0x54 };
	struct made m;
	uint64_t node, size = 0;

	(void)state;
	begin(&m, "q35-1g");
	m.request.rng_seed = (struct view){ seed, sizeof seed };
	m.request.record = (struct view){ record, sizeof record };
	make(&m);
	node = find_node(&m, 9, &size);
	assert_int_equal(size, 32);
	assert_memory_equal(m.data.bytes + node, seed, 32);
	node = find_node(&m, 0x54554153, &size);
	assert_int_equal(size, 56);
	assert_int_equal(node, m.data.record);
	arena_free(&m.p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_header_is_passed_on_and_completed),
		CASE(without_an_initrd_there_is_none),
		CASE(the_firmwares_map_arrives),
		CASE(more_than_128_entries_continue_in_setup_data),
		CASE(efi_is_handed_on),
		CASE(efi_without_its_map_is_left_out_and_said),
		CASE(a_screen_that_a_driver_took_over_is_not_promised),
		CASE(edd_of_the_firmware_is_kept),
		CASE(seed_and_record_travel_as_setup_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
