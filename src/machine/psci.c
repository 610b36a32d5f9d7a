/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PSCI where there is no device tree: ACPI 6.5, 5.2.9.4 "ARM Architecture Boot Flags". */
#include "machine/facts.h"

enum {
	FADT_ARM_BOOT_ARCH = 129, /* two bytes */
	PSCI_COMPLIANT = 1 << 0,
	PSCI_USE_HVC = 1 << 1,
};

enum psci_method psci_capture(const struct source *source, struct arena *arena)
{
	struct view fadt;
	struct reader r;
	uint16_t flags;

	if (!source->read(source, "sys/firmware/acpi/tables/FACP", arena, &fadt) ||
		!view_has_at(fadt, 0, "FACP"))
		return PSCI_NONE;
	r = reader_at(fadt, FADT_ARM_BOOT_ARCH);
	flags = reader_le16(&r);
	if (!(flags & PSCI_COMPLIANT))
		return PSCI_NONE;
	return flags & PSCI_USE_HVC ? PSCI_HVC : PSCI_SMC;
}
