/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a Multiboot kernel is told: "Boot information format" of the specifications of version 1
 * (0.6.96) and of version 2 (2.0). All addresses in it are below 4 GiB.
 */
#pragma once

#include "machine/machine.h"

/* What eax holds at the entry point. */
#define MULTIBOOT_MAGIC_1 0x2badb002u
#define MULTIBOOT_MAGIC_2 0x36d76289u

struct multiboot_module {
	struct range memory;
	const char *line;
};

struct multiboot_info_request {
	unsigned version; /* 1 or 2 */
	const struct machine *machine;
	const char *command_line; /* its first word is the kernel's name */
	const struct multiboot_module *modules;
	size_t module_count;
	bool moved; /* version 2: a kernel that can be moved is told where it lies */
	phys_t load_base;
	phys_t efi_table; /* version 2: it is told of EFI, whose system table this is; 0: it is not */
};

/* ACPI's root pointer by its versions, 5.2.5.3 of the specification. */
enum { RSDP_SIZE_1 = 20, RSDP_SIZE_2 = 36 };

struct multiboot_info {
	struct view bytes;
	/* Room for copies of ACPI's root pointer, as both versions have it; offset 0: none. */
	size_t rsdp_1, rsdp_2;
};

/* As it is at this address, a multiple of 8; its size does not depend on that. */
bool multiboot_info_make(const struct multiboot_info_request *request, phys_t address,
	struct arena *arena, struct multiboot_info *ret, struct error *err)
	__attribute__((warn_unused_result));
