/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an x86 kernel is told: the zero page (struct boot_params) with its setup_data chain, the
 * EFI memory map and the command line, in one piece of memory. Offsets as in
 * Documentation/arch/x86/{boot,zero-page}.rst; the same for the 64-bit and the 32-bit entry.
 */
#pragma once

#include "plan/plan.h"

struct x86_boot_request {
	const struct bzimage *kernel; /* whose setup header is passed on */
	const struct machine *machine;
	const char *command_line;
	bool randomised; /* the loader has chosen the kernel's address at random (KASLR_FLAG) */
	bool no_efi;     /* as if EFI were unknown */
	bool keep_screen_info; /* even where it is stale */
	struct range initrd;   /* size 0: none */
	struct view rng_seed;  /* fresh random bytes; empty: none */
	struct view record;    /* the stub's record, passed on as setup_data; empty: none */
};

/* Everything but the final addresses: made first, since its size decides where it can lie. */
struct x86_boot_data {
	uint8_t *bytes; /* the zero page is at offset 0 */
	size_t size;
	size_t command_line; /* offset */
	size_t record;       /* offset of the record's bytes; 0: none */
};

/* Notes what is left out (a stale frame buffer, EFI without its runtime map). */
/* The EFI system table, as the running kernel was told of it; 0: it was not. */
phys_t x86_efi_table(const struct machine *machine);

bool x86_boot_data_make(const struct x86_boot_request *request, phys_t address, struct arena *arena,
	struct notes *notes, struct x86_boot_data *ret, struct error *err)
	__attribute__((warn_unused_result));
