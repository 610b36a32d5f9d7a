/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is extlinux.conf, read as syslinux, as U-Boot and as either of them does. */
#include "fuzz-entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char file[] = "boot/extlinux/extlinux.conf";

	fuzz_entries_on("6.1.0 x86_64\n", file, data, size);
	fuzz_entries_on("6.1.0 aarch64\n", file, data, size);
	return fuzz_entries_on("6.1.0\n", file, data, size);
}
