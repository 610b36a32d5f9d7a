/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is a file of settings; each value's words are taken apart as well. */
#include "fuzz.h"

#include "service/assignments.h"

static void expect_one(const struct assignment *a, struct arena *arena)
{
	struct error err = { 0 };
	struct shell_words words;

	expect(!a->value != !a->obstacle);
	expect(a->file && a->line);
	expect(a->name || a->obstacle);
	for (const char *v = a->value; v && *v; v++)
		expect((unsigned char)*v >= ' ' && *v != 0x7f);
	if (!a->value)
		return;
	if (!assignment_words(a->value, arena, &words, &err))
		expect_bad_file(&err);
	else
		expect(words.items[words.count] == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assignments all = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };

	expect(assignments_read(&all, "f", (struct view){ data, size }, &arena));
	expect(all.count <= ASSIGNMENTS_MAX);
	for (size_t i = 0; i < all.count; i++)
		expect_one(&all.items[i], &arena);
	if (!assignments_check(&all, &err))
		expect_bad_file(&err);
	arena_free(&arena);
	return 0;
}
