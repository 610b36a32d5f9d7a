/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is what each EFI variable of the boot loader holds: attributes and UTF-16. */
#include "fuzz-entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_entries("sys/firmware/efi/efivars/Loader*", data, size);
}
