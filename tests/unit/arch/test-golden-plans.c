/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Captured machines → plans, compared with tests/machines/NAME.plan. After a change that is meant,
 * SAUT_UPDATE_GOLDEN=1 writes them anew, and the difference is read before it is committed.
 */
#include "arch/planned.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 8192, MACHINES_MAX = 64 };

static void render(const struct plan *plan, char text[static TEXT_MAX])
{
	size_t used = 0;

	used += (size_t)snprintf(text, TEXT_MAX, "entry %#llx\n", (unsigned long long)plan->entry);
	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *s = &plan->segments[i];

		used += (size_t)snprintf(text + used, TEXT_MAX - used,
			"%#llx-%#llx %s, %zu bytes\n", (unsigned long long)s->mem.start,
			(unsigned long long)range_end(s->mem), s->name, s->data.n);
	}
	for (size_t i = 0; i < plan->notes.count; i++)
		used += (size_t)snprintf(
			text + used, TEXT_MAX - used, "note: %s\n", plan->notes.items[i]);
	assert_true(used < TEXT_MAX);
}

static void compare(const char *machine, const char *text)
{
	char path[512], golden[TEXT_MAX] = "";
	bool update = getenv("SAUT_UPDATE_GOLDEN") != NULL;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s.plan", MACHINE_FOLDERS, machine);
	f = fopen(path, update ? "w" : "r");
	assert_non_null(f);
	if (update)
		assert_true(fputs(text, f) >= 0);
	else
		golden[fread(golden, 1, sizeof golden - 1, f)] = '\0';
	assert_int_equal(fclose(f), 0);
	if (!update)
		assert_string_equal(text, golden);
}

/* Holds on every machine, whatever the golden file says. */
static void assert_sound(const struct planned *p)
{
	const struct plan *plan = &p->plan;

	for (size_t i = 0; i < plan->segment_count; i++) {
		struct range mem = plan->segments[i].mem;

		assert_true(ranges_contain(&p->machine.ram, mem));
		assert_int_equal(mem.start % p->machine.page_size, 0);
		assert_int_equal(mem.size % p->machine.page_size, 0);
		for (size_t j = 0; j < p->machine.reserved.count; j++)
			assert_false(range_overlaps(mem, p->machine.reserved.items[j]));
		for (size_t j = 0; j < i; j++)
			assert_false(range_overlaps(mem, plan->segments[j].mem));
	}
}

static void plan_is_as_written(void **state)
{
	const char *machine = *state;
	struct planned p;
	char text[TEXT_MAX];

	planned_begin(&p, machine);
	planned_choose_kernel(&p);
	planned_add_initrd(&p, MiB(50) + 123);
	planned_add_initrd(&p, 1000);
	assert_true(planned_make(&p));
	assert_sound(&p);
	render(&p.plan, text);
	compare(machine, text);
	arena_free(&p.arena);
}

/* Every machine that has a plan: a new one begins as an empty file. */
int main(void)
{
	struct CMUnitTest tests[MACHINES_MAX] = { 0 };
	glob_t plans;
	int result;

	if (glob(MACHINE_FOLDERS "/*.plan", 0, NULL, &plans) != 0 || plans.gl_pathc > MACHINES_MAX)
		return 1;
	for (size_t i = 0; i < plans.gl_pathc; i++) {
		char *name = strrchr(plans.gl_pathv[i], '/') + 1;

		name[strlen(name) - strlen(".plan")] = '\0';
		tests[i] = (struct CMUnitTest){ name, plan_is_as_written, NULL, NULL, name };
	}
	result = _cmocka_run_group_tests("plans", tests, plans.gl_pathc, NULL, NULL);
	globfree(&plans);
	return result;
}
