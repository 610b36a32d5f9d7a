/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The watchdogs of captured machines, and what is found where there are none. */
#include "watchdog/watched.h"

#include "machine/machine-folders.h"
#include "sys/snapshot.h"

static void capture(struct watched *w, const char *name)
{
	struct snapshot snapshot;
	const char *path;

	*w = (struct watched){ 0 };
	path = arena_printf(&w->arena, "%s/%s.machine", MACHINE_FOLDERS, name);
	assert_true(snapshot_open(path, &snapshot, &w->error));
	assert_true(machine_capture(&snapshot.source, &w->arena, &w->machine, &w->error));
	assert_true(watchdog_capture(&snapshot.source, &w->arena, &w->facts, &w->error));
	snapshot_close(&snapshot);
}

/* Q35 with a device i6300esb, and the driver of the chipset's own timer. */
static void both_of_one_machine(void **state)
{
	struct watched w;

	(void)state;
	capture(&w, "q35-watchdogs");
	assert_true(watched_find(&w));
	assert_string_equal(w.watchdog.name, "i6300esb");
	assert_true(watched_set(&w, 60));
	assert_int_equal(w.setting.recipe.count, 15);
	assert_int_equal(w.setting.recipe.steps[6].value, 60 * 504);

	/* Without that device. */
	for (size_t i = 0; i < w.facts.function_count; i++)
		if (w.facts.functions[i].device == 0x25ab)
			((struct pci_function *)w.facts.functions)[i].device = 0;
	assert_true(watched_find(&w));
	assert_string_equal(w.watchdog.name, "Intel TCO");
	assert_true(watched_set(&w, 60));
	assert_string_equal(watched_text(&w),
		"p2 668+f6ff=800;p2 672+fc00=64;p2 664=8;p2 666=6;"
		"m4 fed1f410+ffffffdf=0;p2 660=1;p2 668+f6ff=0;");
	arena_free(&w.arena);
}

static void others_have_none(void **state)
{
	static const char *const names[] = { "arm64-gicv3", "arm64-uefi", "riscv64-2harts",
		"loong64", "server-4t" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct watched w;

		capture(&w, names[i]);
		assert_false(watched_find(&w));
		watched_refused(&w, "no hardware watchdog of a kind that is known here was found");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_of_one_machine),
		cmocka_unit_test(others_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
