/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is an entry of the Boot Loader Specification. */
#include "fuzz-entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_entries("boot/loader/entries/a+3.conf", data, size);
}
