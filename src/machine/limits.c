/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much memory is left, and in which units it comes. */
#include "machine/facts.h"

#include "base/arith.h"

enum { PAGE_SIZE_USUAL = 4096 };

uint64_t memory_available_capture(const struct source *source, struct arena *arena)
{
	struct view text = fact_text(source, arena, "proc/meminfo"), value, amount;
	uint64_t kib, bytes;

	if (!text_value(text, "MemAvailable", ':', &value) || !text_word(&value, &amount) ||
		!text_is(text_trim(value), "kB"))
		return 0;
	return text_decimal(amount, &kib) && ck_mul(kib, 1024, &bytes) ? bytes : 0;
}

uint64_t page_size_capture(const struct source *source, struct arena *arena)
{
	uint64_t size;

	if (!fact_decimal(source, arena, "saut/page-size", &size) || !is_power_of_two(size) ||
		size < PAGE_SIZE_USUAL)
		return PAGE_SIZE_USUAL;
	return size;
}
