/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What ACPI's fixed table tells of how the machine is reset, ACPI 6.5: PSCI where there is no device
 * tree (5.2.9.4 "ARM Architecture Boot Flags"), and the reset register (4.8.3.6).
 */
#include "machine/facts.h"

enum {
	FLAGS = 112,
	RESET_REGISTER_SUPPORTED = 1 << 10,
	/* A generic address (5.2.3.2): space, width and offset in bits, size of an access, address. */
	RESET_REGISTER = 116,
	RESET_VALUE = 128,
	SPACE_MEMORY = 0,
	ARM_BOOT_ARCH = 129, /* two bytes */
	PSCI_COMPLIANT = 1 << 0,
	PSCI_USE_HVC = 1 << 1,
};

static struct view fadt_of(const struct source *source, struct arena *arena)
{
	struct view fadt;

	if (!source_read(source, "sys/firmware/acpi/tables/FACP", arena, &fadt) ||
		!view_has_at(fadt, 0, "FACP"))
		return (struct view){ 0 };
	return fadt;
}

enum psci_method psci_capture(const struct source *source, struct arena *arena)
{
	struct reader r = reader_at(fadt_of(source, arena), ARM_BOOT_ARCH);
	uint16_t flags = reader_le16(&r);

	if (r.overrun || !(flags & PSCI_COMPLIANT))
		return PSCI_NONE;
	return flags & PSCI_USE_HVC ? PSCI_HVC : PSCI_SMC;
}

struct reset_register reset_register_capture(const struct source *source, struct arena *arena)
{
	struct view fadt = fadt_of(source, arena);
	struct reader flags = reader_at(fadt, FLAGS), r = reader_at(fadt, RESET_REGISTER);
	uint32_t set = reader_le32(&flags);
	uint8_t space = reader_u8(&r), bits = reader_u8(&r);
	struct reset_register found = { .width = bits / 8 };

	reader_skip(&r, 2);
	found.address = reader_le64(&r);
	found.value = reader_u8(&r);
	if (r.overrun || !(set & RESET_REGISTER_SUPPORTED) || space != SPACE_MEMORY ||
		found.width != 1)
		return (struct reset_register){ 0 };
	return found;
}
