/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is a unified kernel image among the entries: type 2 of UAPI.1. */
#include "fuzz-entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_entries("boot/EFI/Linux/a+2.efi", data, size);
}
