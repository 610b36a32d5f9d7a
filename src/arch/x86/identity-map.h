/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which memory the next kernel may touch before it has page tables of its own: what the stub's
 * page tables map. Documentation/arch/x86/boot.rst ("64-bit Boot Protocol") asks for the kernel,
 * the zero page and the command line; its early code reads ACPI and EFI tables as well.
 */
#pragma once

#include "plan/plan.h"

/* Normalised; own names what the plan gave out. False only when memory is out. */
bool x86_identity_map(const struct machine *machine, const struct ranges *own, struct arena *arena,
	struct ranges *ret) __attribute__((warn_unused_result));
