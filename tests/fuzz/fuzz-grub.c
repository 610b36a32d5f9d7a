/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is grub.cfg. GRUB's finder alone is run: the others would take most of the time. Every other
 * input is read behind a command that nobody knows, which may do anything: nothing is to come of it.
 */
#include "entry/ground/finder.h"
#include "fuzz-entries.h"

static const char unknown[] = "a_command_that_nobody_knows\n";

static void find(struct view input, struct finder *f, struct finding *ret)
{
	struct fuzz_machine m = { .source = { fuzz_read, source_look_by_read, fuzz_list },
		.path = "boot/grub/grub.cfg",
		.uname = "6.1.0 x86_64\n",
		.input = input };
	struct notes notes = { .arena = f->arena };
	struct finding none = { 0 };

	f->source = &m.source;
	f->notes = &notes;
	expect(finder_set_up(f));
	expect(grub_find(f, ret));
	grub_default(f, &none, ret);
	expect(ret->has_default != (ret->doubt != NULL));
	expect(!ret->has_default || ret->chosen < f->count);
	for (size_t i = 0; i < f->count; i++)
		expect_entry(&f->entries[i]);
}

static void find_behind_unknown(struct view input, struct finder *f, struct finding *ret)
{
	size_t n = sizeof unknown - 1;
	uint8_t *all = malloc(n + input.n);

	if (!all)
		abort();
	memcpy(all, unknown, n);
	if (input.n)
		memcpy(all + n, input.p, input.n);
	find((struct view){ all, n + input.n }, f, ret);
	expect(!ret->has_default && ret->incomplete);
	for (size_t i = 0; i < f->count; i++)
		expect(f->entries[i].obstacle);
	free(all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct finder f = { .arena = &arena };
	struct finding finding = { 0 };

	if (size & 1)
		find_behind_unknown((struct view){ data, size }, &f, &finding);
	else
		find((struct view){ data, size }, &f, &finding);
	arena_free(&arena);
	return 0;
}
