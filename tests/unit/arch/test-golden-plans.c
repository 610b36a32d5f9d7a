/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captured machines → plans, compared with tests/machines/NAME.plan. */
#include "arch/golden.h"

enum { TEXT_MAX = 8192 };

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
	golden_compare(machine, "plan", text);
	arena_free(&p.arena);
}

int main(void)
{
	return golden_run("plan", plan_is_as_written);
}
