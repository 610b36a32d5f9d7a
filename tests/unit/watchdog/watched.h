/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of watchdogs share: a machine whose files are a table, and a recipe as text. */
#pragma once

#include "test.h"

#include "machine/table-source.h"
#include "watchdog/watchdog.h"

struct watched {
	struct arena arena;
	struct machine machine;
	struct watchdog_facts facts;
	struct watchdog watchdog;
	struct watchdog_setting setting;
	struct error error;
};

/* 1 GiB of RAM at 0, what the firmware has reserved, ACPI tables. */
static const struct memory_entry watched_memory[] = {
	{ { 0x0, 0x3ff00000 }, MEMORY_RAM },
	{ { 0x3ff00000, 0x100000 }, MEMORY_ACPI_TABLES },
	{ { 0xfed1c000, 0x4000 }, MEMORY_RESERVED },
};

static inline bool watched_begin(struct watched *w, enum cpu_arch arch, const struct source *source)
{
	*w = (struct watched){ .machine = { .arch = arch,
				       .memory = { watched_memory,
					       sizeof watched_memory / sizeof *watched_memory },
				       .page_size = 4096 } };
	return watchdog_capture(source, &w->arena, &w->facts, &w->error);
}

static inline bool watched_find(struct watched *w)
{
	const struct watchdog_grounds grounds = { &w->machine, &w->facts };

	w->error = (struct error){ 0 };
	return watchdog_find(&grounds, &w->arena, &w->watchdog, &w->error);
}

static inline bool watched_set(struct watched *w, uint32_t seconds)
{
	const struct watchdog_grounds grounds = { &w->machine, &w->facts };

	w->error = (struct error){ 0 };
	return watchdog_set(&grounds, &w->watchdog, seconds, &w->setting, &w->error);
}

/* "w2 668+f6ff=800;": a write of two bytes to port 0x668, the bits of the mask stay; m for memory. */
static inline const char *watched_text(struct watched *w)
{
	const char *text = "";

	for (size_t i = 0; i < w->setting.recipe.count; i++) {
		const struct recipe_step *s = &w->setting.recipe.steps[i];

		assert_true(s->why && s->why[0]);
		text = arena_printf(&w->arena, "%s%s%u %llx", text, s->is_port ? "p" : "m",
			s->width, (unsigned long long)s->address);
		if (s->keep)
			text = arena_printf(
				&w->arena, "%s+%llx", text, (unsigned long long)s->keep);
		text = arena_printf(&w->arena, "%s=%llx;", text, (unsigned long long)s->value);
	}
	return text;
}

static inline void watched_refused(struct watched *w, const char *words)
{
	if (!strstr(w->error.reason, words))
		fail_msg("\"%s\" does not say \"%s\"", w->error.reason, words);
	assert_int_equal(w->error.fault, FAULT_NO_WATCHDOG);
	arena_free(&w->arena);
}

#define PCI "sys/bus/pci/devices/"
