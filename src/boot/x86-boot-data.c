/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fills boot_params for a kernel that is entered past its own setup code. */
#include "boot/x86-boot-data.h"

#include <string.h>

#include "base/arith.h"

/* Offsets in struct boot_params, Documentation/arch/x86/zero-page.rst. */
enum {
	ZP_SCREEN_INFO = 0x000,
	ZP_SCREEN_INFO_SIZE = 0x40,
	ZP_VIDEO_IS_VGA = 0x00f,
	ZP_IST_INFO = 0x060,
	ZP_IST_INFO_SIZE = 0x10,
	ZP_ACPI_RSDP = 0x070,
	ZP_EXT_RAMDISK_IMAGE = 0x0c0,
	ZP_EXT_RAMDISK_SIZE = 0x0c4,
	ZP_EXT_CMD_LINE_PTR = 0x0c8,
	ZP_EDID_INFO = 0x140,
	ZP_EDID_INFO_SIZE = 0x80,
	ZP_EFI_SIGNATURE = 0x1c0,
	ZP_EFI_SYSTAB = 0x1c4,
	ZP_EFI_MEMDESC_SIZE = 0x1c8,
	ZP_EFI_MEMDESC_VERSION = 0x1cc,
	ZP_EFI_MEMMAP = 0x1d0,
	ZP_EFI_MEMMAP_SIZE = 0x1d4,
	ZP_EFI_SYSTAB_HI = 0x1d8,
	ZP_EFI_MEMMAP_HI = 0x1dc,
	ZP_ALT_MEM_K = 0x1e0,
	ZP_E820_ENTRIES = 0x1e8,
	ZP_EDD_COUNT = 0x1e9,
	ZP_EDD_MBR_SIG_COUNT = 0x1ea,
	ZP_SECURE_BOOT = 0x1ec,
	ZP_TYPE_OF_LOADER = 0x210,
	ZP_LOADFLAGS = 0x211,
	ZP_RAMDISK_IMAGE = 0x218,
	ZP_RAMDISK_SIZE = 0x21c,
	ZP_CMD_LINE_PTR = 0x228,
	ZP_SETUP_DATA = 0x250,
	ZP_EDD_MBR_SIG = 0x290,
	ZP_EDD_MBR_SIG_SIZE = 16 * 4,
	ZP_E820_TABLE = 0x2d0,
	ZP_EDD_BUFFER = 0xd00,
	ZP_EDD_BUFFER_SIZE = 6 * 82,
	ZP_SIZE = 0x1000,
};

enum {
	KASLR_FLAG = 1 << 1, /* of loadflags; from a kernel's decompressor to the kernel */
	LOADER_KEXEC = 0xd0, /* boot.rst's table of loaders: kexec, no version */
	E820_ENTRIES_MAX = 128,
	E820_ENTRY_SIZE = 20,
	SETUP_DATA_HEADER = 16, /* next, type, length */
	SETUP_DATA_MAX = 4,
	SETUP_E820_EXT = 1,
	SETUP_EFI = 4,
	SETUP_RNG_SEED = 9,
	SETUP_SAUT = 0x54554153, /* the stub's record */
	EFI_SETUP_DATA_SIZE = 12 * 8,
	EFI_DESCRIPTOR_SIZE = 40,
	EFI_DESCRIPTOR_VERSION = 1,
	ALIGNMENT = 16,
};

/* The parts behind the zero page, in this order; laid out once their sizes are known. */
struct part {
	uint32_t type; /* of setup_data; 0: no setup_data node but plain bytes */
	struct view bytes;
	size_t offset; /* of the bytes */
};

struct parts {
	struct part items[SETUP_DATA_MAX + 2];
	size_t count, end; /* end: the offset behind the last one */
	bool incomplete;   /* memory was out for one of them: no part is empty */
};

static struct part *add_part(struct parts *parts, uint32_t type, struct view bytes)
{
	struct part *part = &parts->items[parts->count++];
	size_t header = type ? SETUP_DATA_HEADER : 0;

	*part = (struct part){ type, bytes, parts->end + header };
	parts->end = (part->offset + bytes.n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	parts->incomplete |= bytes.n == 0;
	return part;
}

static struct view current_params(const struct machine *machine, uint64_t off, uint64_t size)
{
	struct view part = { 0 };

	return view_sub(machine->boot_params, off, size, &part) ? part : (struct view){ 0 };
}

static uint8_t current_byte(const struct machine *machine, uint64_t off)
{
	struct view byte = current_params(machine, off, 1);

	return byte.n ? byte.p[0] : 0;
}

/* e820 entries [from, to) of the firmware's map, 20 bytes each. */
static void put_e820(
	struct block *b, uint64_t at, const struct memory_map *map, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++, at += E820_ENTRY_SIZE) {
		block_put_le64(b, at, map->items[i].range.start);
		block_put_le64(b, at + 8, map->items[i].range.size);
		block_put_le32(b, at + 16, (uint32_t)map->items[i].type);
	}
}

static struct view e820_bytes(
	const struct memory_map *map, size_t from, size_t to, struct arena *arena)
{
	size_t size = (to - from) * E820_ENTRY_SIZE;
	struct block b = { arena_alloc(arena, size), size, false };

	if (!b.p)
		return (struct view){ 0 };
	put_e820(&b, 0, map, from, to);
	return (struct view){ b.p, b.n };
}

static struct view efi_setup_bytes(const struct efi_facts *efi, struct arena *arena)
{
	struct block b = { arena_alloc(arena, EFI_SETUP_DATA_SIZE), EFI_SETUP_DATA_SIZE, false };

	if (!b.p)
		return (struct view){ 0 };
	block_put_le64(&b, 0, efi->fw_vendor);
	block_put_le64(&b, 8, efi->runtime);
	block_put_le64(&b, 16, efi->config_table);
	block_put_le64(&b, 24, efi->smbios);
	return (struct view){ b.p, b.n };
}

static struct view efi_map_bytes(const struct efi_facts *efi, struct arena *arena)
{
	size_t size = efi->region_count * EFI_DESCRIPTOR_SIZE;
	struct block b = { arena_alloc(arena, size), size, false };

	if (!b.p)
		return (struct view){ 0 };
	for (size_t i = 0; i < efi->region_count; i++) {
		const struct efi_region *region = &efi->regions[i];
		uint64_t at = i * EFI_DESCRIPTOR_SIZE;

		block_put_le32(&b, at, region->type);
		block_put_le64(&b, at + 8, region->phys);
		block_put_le64(&b, at + 16, region->virt);
		block_put_le64(&b, at + 24, region->pages);
		block_put_le64(&b, at + 32, region->attribute);
	}
	return (struct view){ b.p, b.n };
}

static void put_low_high(struct block *zp, uint64_t low, uint64_t high, uint64_t value)
{
	block_put_le32(zp, low, (uint32_t)value);
	block_put_le32(zp, high, (uint32_t)(value >> 32));
}

/* What the firmware told the running kernel and what is still true. */
static void keep_firmware_facts(
	struct block *zp, const struct x86_boot_request *request, struct notes *notes)
{
	const struct machine *machine = request->machine;
	static const struct {
		uint16_t offset, size;
	} kept[] = {
		{ ZP_SCREEN_INFO, ZP_SCREEN_INFO_SIZE },
		{ ZP_IST_INFO, ZP_IST_INFO_SIZE },
		{ ZP_EDID_INFO, ZP_EDID_INFO_SIZE },
		{ ZP_ALT_MEM_K, 4 },
		{ ZP_EDD_COUNT, 1 },
		{ ZP_EDD_MBR_SIG_COUNT, 1 },
		{ ZP_SECURE_BOOT, 1 },
		{ ZP_EDD_MBR_SIG, ZP_EDD_MBR_SIG_SIZE },
		{ ZP_EDD_BUFFER, ZP_EDD_BUFFER_SIZE },
	};

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		block_put_bytes(
			zp, kept[i].offset, current_params(machine, kept[i].offset, kept[i].size));
	block_put_le64(zp, ZP_ACPI_RSDP, machine->rsdp);
	if (machine->framebuffer.owner != FRAMEBUFFER_DRIVER || request->keep_screen_info ||
		!current_byte(machine, ZP_VIDEO_IS_VGA))
		return;
	/* The driver has reprogrammed the card: drawing by screen_info would be drawing blind. */
	block_put_u8(zp, ZP_VIDEO_IS_VGA, 0);
	notes_add(notes,
		"the screen belongs to the driver %s: the next kernel shows nothing on it until its own "
		"driver starts",
		machine->framebuffer.driver);
}

/* Everything that the next kernel needs to use EFI runtime services is known. */
static bool can_pass_efi(const struct x86_boot_request *request, struct notes *notes)
{
	const struct efi_facts *efi = &request->machine->efi;

	if (!efi->present || request->no_efi)
		return false;
	if (efi->region_count == 0 || efi->config_table == 0) {
		notes_add(notes,
			"the running kernel does not show its EFI runtime map: the next one starts without "
			"EFI runtime services");
		return false;
	}
	if (!(request->kernel->xloadflags & XLF_EFI_KEXEC)) {
		notes_add(notes,
			"this kernel cannot take over EFI runtime services from another kernel");
		return false;
	}
	return true;
}

static void put_efi_info(struct block *zp, const struct x86_boot_request *request, phys_t map)
{
	const struct efi_facts *efi = &request->machine->efi;

	block_put_bytes(zp, ZP_EFI_SIGNATURE, view_of_string(efi->is_64_bit ? "EL64" : "EL32"));
	block_put_bytes(zp, ZP_EFI_SYSTAB, current_params(request->machine, ZP_EFI_SYSTAB, 4));
	block_put_bytes(
		zp, ZP_EFI_SYSTAB_HI, current_params(request->machine, ZP_EFI_SYSTAB_HI, 4));
	block_put_le32(zp, ZP_EFI_MEMDESC_SIZE, EFI_DESCRIPTOR_SIZE);
	block_put_le32(zp, ZP_EFI_MEMDESC_VERSION, EFI_DESCRIPTOR_VERSION);
	block_put_le32(zp, ZP_EFI_MEMMAP_SIZE, (uint32_t)(efi->region_count * EFI_DESCRIPTOR_SIZE));
	put_low_high(zp, ZP_EFI_MEMMAP, ZP_EFI_MEMMAP_HI, map);
}

static void put_setup_header(
	struct block *zp, const struct x86_boot_request *request, phys_t command_line)
{
	struct reader loadflags =
		reader_at(request->kernel->setup_header, ZP_LOADFLAGS - SETUP_HEADER_OFFSET);

	block_put_bytes(zp, SETUP_HEADER_OFFSET, request->kernel->setup_header);
	block_put_u8(zp, ZP_TYPE_OF_LOADER, LOADER_KEXEC);
	if (request->randomised)
		block_put_u8(zp, ZP_LOADFLAGS, reader_u8(&loadflags) | KASLR_FLAG);
	put_low_high(zp, ZP_RAMDISK_IMAGE, ZP_EXT_RAMDISK_IMAGE,
		request->initrd.size ? request->initrd.start : 0);
	put_low_high(zp, ZP_RAMDISK_SIZE, ZP_EXT_RAMDISK_SIZE, request->initrd.size);
	put_low_high(zp, ZP_CMD_LINE_PTR, ZP_EXT_CMD_LINE_PTR, command_line);
}

/* Writes the parts and chains those that are setup_data; the head goes to the zero page. */
static void put_parts(struct block *data, const struct parts *parts, phys_t address)
{
	uint64_t link = ZP_SETUP_DATA;

	block_put_le64(data, link, 0);
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		block_put_bytes(data, part->offset, part->bytes);
		if (!part->type)
			continue;
		block_put_le64(data, link, address + part->offset - SETUP_DATA_HEADER);
		link = part->offset - SETUP_DATA_HEADER;
		block_put_le32(data, link + 8, part->type);
		block_put_le32(data, link + 12, (uint32_t)part->bytes.n);
	}
}

phys_t x86_efi_table(const struct machine *machine)
{
	struct reader low = reader_at(machine->boot_params, ZP_EFI_SYSTAB);
	struct reader high = reader_at(machine->boot_params, ZP_EFI_SYSTAB_HI);

	return reader_le32(&low) | (uint64_t)reader_le32(&high) << 32;
}

bool x86_boot_data_make(const struct x86_boot_request *request, phys_t address, struct arena *arena,
	struct notes *notes, struct x86_boot_data *ret, struct error *err)
{
	const struct memory_map *map = &request->machine->memory;
	size_t in_page = map->count < E820_ENTRIES_MAX ? map->count : E820_ENTRIES_MAX;
	struct view line = view_of_string(request->command_line);
	bool efi = can_pass_efi(request, notes);
	const struct part *efi_map = NULL, *command_line, *record = NULL;
	struct parts parts = { .end = ZP_SIZE };
	struct block data;

	if (map->count > in_page)
		add_part(&parts, SETUP_E820_EXT, e820_bytes(map, in_page, map->count, arena));
	if (request->rng_seed.n)
		add_part(&parts, SETUP_RNG_SEED, request->rng_seed);
	if (request->record.n)
		record = add_part(&parts, SETUP_SAUT, request->record);
	if (efi) {
		add_part(&parts, SETUP_EFI, efi_setup_bytes(&request->machine->efi, arena));
		efi_map = add_part(&parts, 0, efi_map_bytes(&request->machine->efi, arena));
	}
	line.n++; /* with its terminating zero */
	command_line = add_part(&parts, 0, line);

	data = (struct block){ arena_alloc(arena, parts.end), parts.end, false };
	if (!data.p || parts.incomplete)
		return fail_no_memory(err);
	keep_firmware_facts(&data, request, notes);
	block_put_u8(&data, ZP_E820_ENTRIES, (uint8_t)in_page);
	put_e820(&data, ZP_E820_TABLE, map, 0, in_page);
	if (efi_map)
		put_efi_info(&data, request, address + efi_map->offset);
	put_setup_header(&data, request, address + command_line->offset);
	put_parts(&data, &parts, address);
	if (data.overrun)
		return fail(err, FAULT_INTERNAL, "the boot parameters do not fit their own size");
	*ret = (struct x86_boot_data){ data.p, data.n, command_line->offset,
		record ? record->offset : 0 };
	return true;
}
