/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much memory is left, and in which units it comes. */
#include "machine/facts.h"

#include "base/arith.h"

enum { PAGE_SIZE_USUAL = 4096 };

static uint64_t amount_of(struct view text, const char *key)
{
	struct view value, amount;
	uint64_t kib, bytes;

	if (!text_value(text, key, ':', &value) || !text_word(&value, &amount) ||
		!text_is(text_trim(value), "kB"))
		return 0;
	return text_decimal(amount, &kib) && ck_mul(kib, 1024, &bytes) ? bytes : 0;
}

struct memory_amounts memory_amounts_capture(const struct source *source, struct arena *arena)
{
	const struct view text = fact_text(source, arena, "proc/meminfo");

	return (struct memory_amounts){
		.available = amount_of(text, "MemAvailable"),
		.contiguous = amount_of(text, "CmaTotal"),
	};
}

uint64_t page_size_capture(const struct source *source, struct arena *arena)
{
	uint64_t size;

	if (!fact_decimal(source, arena, "saut/page-size", &size) || !is_power_of_two(size) ||
		size < PAGE_SIZE_USUAL)
		return PAGE_SIZE_USUAL;
	return size;
}
