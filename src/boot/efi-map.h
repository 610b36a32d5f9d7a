/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory map in the form of EFI (UEFI 2.10, 7.2.3), for a kernel that is told of EFI after boot
 * services have ended: their memory is free, and what belongs to run time is listed with the
 * virtual addresses that it was given once.
 */
#pragma once

#include "machine/machine.h"

enum { EFI_DESCRIPTOR_SIZE = 40, EFI_DESCRIPTOR_VERSION = 1 };

/* In ascending order; false when memory is out. */
bool efi_map_make(const struct machine *machine, struct arena *arena, struct view *ret)
	__attribute__((warn_unused_result));
