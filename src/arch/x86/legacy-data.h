/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the firmware is EFI there is no BIOS data area. A kernel that is not told of EFI and looks
 * where the BIOS of a PC keeps its data (Xen, and whoever searches for the root pointer of ACPI
 * there) finds zeros. It is given this much of one: how far low memory reaches, and behind it a
 * copy of the root pointer.
 */
#pragma once

#include "arch/x86/x86-stub.h"

/*
 * Takes the last page of low memory, makes the machine's memory map reserve it, and lets the stub
 * write what belongs there. Nothing is done where there is a BIOS, or no such page.
 */
bool legacy_data_add(struct planner *planner, struct x86_stub *stub, struct error *err)
	__attribute__((warn_unused_result));
