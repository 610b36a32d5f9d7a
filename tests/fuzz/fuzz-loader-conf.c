/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is loader.conf(5). */
#include "fuzz-entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_entries("boot/loader/loader.conf", data, size);
}
