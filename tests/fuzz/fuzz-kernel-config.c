/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is a kernel's configuration: what it states is what it answers. */
#include "fuzz.h"

#include <string.h>

#include "machine/config.h"

/* The text begins with the line that sets it. */
static bool has_line(struct view text, const char *name)
{
	size_t n = strlen(name);

	return text.n > n + 2 && memcmp(text.p, name, n) == 0 && memcmp(text.p + n, "=y\n", 3) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = { data, size };

	for (size_t i = 0; i < KERNEL_OPTIONS; i++) {
		enum answer answer = kernel_config_answer(text, kernel_options[i].name);
		enum answer stated = kernel_config_stated(text, kernel_options[i].name);

		expect(answer == (stated == ANSWER_YES ? ANSWER_YES : ANSWER_NO));
		/* Nothing that this one line says is passed over. */
		expect(stated != ANSWER_UNKNOWN || !has_line(text, kernel_options[i].name));
	}
	return 0;
}
