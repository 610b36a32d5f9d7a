/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is grub.cfg. */
#include "fuzz-entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_entries("boot/grub/grub.cfg", data, size);
}
