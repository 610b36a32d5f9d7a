/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The zero page that the running x86 kernel was started with, from /sys/kernel/boot_params/data
 * (Documentation/ABI/testing/sysfs-kernel-boot_params; layout: arch/x86/zero-page.rst).
 */
#include "machine/facts.h"

enum {
	BOOT_PARAMS_SIZE = 4096,
	ACPI_RSDP_ADDR = 0x70,
	EFI_LOADER_SIGNATURE = 0x1c0, /* "EL64" or "EL32"; of efi_info */
	SIGNATURE_SIZE = 4,
	E820_ENTRIES = 0x1e8,
	E820_TABLE = 0x2d0,
	E820_ENTRIES_MAX = 128,
	/*
	 * A type of Linux's own, which no firmware has: where setup_data was, as 6.1 tells the next kernel by
	 * kexec_file_load. 7.2 has no name for it any more.
	 */
	E820_RESERVED_KERN = 128,
};

struct view boot_params_capture(const struct source *source, struct arena *arena)
{
	struct view data;

	if (!source_read(source, "sys/kernel/boot_params/data", arena, &data) ||
		data.n != BOOT_PARAMS_SIZE)
		return (struct view){ 0 };
	return data;
}

phys_t boot_params_rsdp(struct view boot_params)
{
	struct reader r = reader_at(boot_params, ACPI_RSDP_ADDR);

	return reader_le64(&r);
}

bool boot_params_was_kept(struct view boot_params, struct range range)
{
	struct reader number = reader_at(boot_params, E820_ENTRIES);
	struct reader r = reader_at(boot_params, E820_TABLE);
	const unsigned count = reader_u8(&number);

	for (unsigned i = 0; i < count && i < E820_ENTRIES_MAX; i++) {
		const uint64_t start = reader_le64(&r);
		const uint64_t size = reader_le64(&r);
		const uint32_t type = reader_le32(&r);

		if (!r.overrun && type == E820_RESERVED_KERN && start == range.start &&
			size == range.size)
			return true;
	}
	return false;
}

bool boot_params_by_efi(struct view boot_params)
{
	struct view signature;

	return view_sub(boot_params, EFI_LOADER_SIGNATURE, SIGNATURE_SIZE, &signature) &&
		(text_is(signature, "EL64") || text_is(signature, "EL32"));
}

bool machine_firmware_unknown(const struct machine *machine)
{
	return cpu_arch_is_x86(machine->arch) && machine->boot_params.n == 0 &&
		!machine->efi.present;
}
