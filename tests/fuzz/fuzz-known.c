/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what is known to be bad: each row that is taken is whole, and says nothing that steers a terminal. */
#include "fuzz.h"

#include <string.h>

#include "check/known.h"

static void expect_text(const char *text)
{
	expect(text && *text);
	for (; *text; text++)
		expect((unsigned char)*text >= 0x20 && *text != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view input = { data, size };
	struct arena arena = { 0 };
	struct known_rows rows = { 0 };
	struct error err = { 0 };

	if (!known_parse(input, &arena, &rows, &err))
		expect(err.fault == FAULT_SETTINGS && err.reason[0] != '\0');
	for (size_t i = 0; i < rows.count; i++) {
		const struct known *row = &rows.items[i];
		bool about = row->dmi_count != 0;

		expect_text(row->name);
		expect_text(row->reason);
		expect(strncmp(row->source, "https://", 8) == 0);
		expect(row->result == CHECK_NOTE || row->result == CHECK_WARN ||
			row->result == CHECK_FAIL);
		for (enum known_match match = 0; match < MATCH_ARCH; match++)
			about = about || row->match[match].p;
		for (enum known_match match = 0; match < MATCH_COUNT; match++)
			expect_inside(row->match[match], input);
		expect(about);
	}
	arena_free(&arena);
	return 0;
}
