/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* [data][size][checksum]["#BOOTCONFIG\n"], and at most three bytes that fill it up (include/linux/bootconfig.h). */
#include "initrd/boot-config.h"

static const char magic[] = "#BOOTCONFIG\n";

enum { MAGIC_SIZE = sizeof magic - 1, NUMBERS = 8, FILL_MAX = 3 };

static uint32_t sum_of(struct view text)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < text.n; i++)
		sum += text.p[i];
	return sum;
}

bool initrd_boot_config_find(struct view file, struct initrd_boot_config *ret)
{
	for (uint64_t fill = 0; fill <= FILL_MAX && file.n >= fill + MAGIC_SIZE + NUMBERS; fill++) {
		uint64_t at = file.n - fill - MAGIC_SIZE;
		struct reader r = reader_at(file, at - NUMBERS);
		uint32_t size = reader_le32(&r), sum = reader_le32(&r);
		struct view text;

		if (!view_has_at(file, at, magic) || size > at - NUMBERS ||
			!view_sub(file, at - NUMBERS - size, size, &text))
			continue;
		*ret = (struct initrd_boot_config){ text, sum_of(text) == sum };
		return true;
	}
	return false;
}

struct view initrd_without_boot_config(struct view file)
{
	struct initrd_boot_config config;

	if (!initrd_boot_config_find(file, &config))
		return file;
	return view_first(file, (uint64_t)(config.text.p - file.p));
}
