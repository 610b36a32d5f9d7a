/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans on captured machines → what is told of them: the memory piece by piece, the line's changes, the costs. */
#include "arch/planned.h"

#include "preview/map.h"

/* A job with this plan, as job_prepare leaves it. */
static void make(struct planned *p, struct job *job, struct preview *ret)
{
	assert_true(planned_make(p));
	*job = (struct job){ .machine = p->machine,
		.request = p->request,
		.plan = p->plan,
		.image = p->image,
		.wanted = { .kernel = "vmlinuz", .reuse_command_line = true } };
	for (size_t i = 0; i < LINE_STAGES; i++)
		job->lines[i] = p->request.command_line;
	assert_true(preview_make(job, &p->arena, ret));
}

static uint64_t total(const struct preview *preview, enum preview_use use)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < preview->area_count; i++)
		if (preview->areas[i].use == use)
			sum += preview->areas[i].mem.size;
	return sum;
}

static void assert_apart(const struct preview *preview)
{
	for (size_t i = 0; i < preview->area_count; i++) {
		const struct preview_area *area = &preview->areas[i];

		assert_true(area->mem.size);
		assert_int_equal(area->use == PREVIEW_FREE, !area->name[0]);
		assert_true(i == 0 || area->mem.start >= range_end(preview->areas[i - 1].mem));
	}
}

/* All memory is told of, each byte once, and of the plan nothing is missing. */
static void every_byte_has_a_use(void **state)
{
	const char *const machines[] = { "pc-256m", "q35-uefi-5g", "q35-5g-crash-high", "server-4t",
		"server-12t", "arm64-gicv3", "riscv64-2harts", "loong64", "armhf", "s390x",
		"i386-1g", "q35-2g-mem" };

	(void)state;
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		struct preview preview;
		struct planned p;
		struct job job;
		uint64_t loaded = 0;

		planned_begin(&p, machines[i]);
		planned_choose_kernel(&p);
		planned_add_initrd(&p, MiB(5));
		make(&p, &job, &preview);
		assert_apart(&preview);
		for (size_t k = 0; k < p.plan.segment_count; k++)
			loaded += p.plan.segments[k].mem.size;
		assert_int_equal(total(&preview, PREVIEW_LOADED), loaded);
		assert_true(total(&preview, PREVIEW_ROOM) >= MiB(20));
		assert_int_equal(ranges_total(&p.machine.ram),
			total(&preview, PREVIEW_LOADED) + total(&preview, PREVIEW_ROOM) +
				total(&preview, PREVIEW_FREE) + total(&preview, PREVIEW_KEPT));
		arena_free(&p.arena);
	}
}

/* A limit of the user's makes memory somebody else's. */
static void limits_are_told(void **state)
{
	struct preview preview;
	struct planned p;
	struct job job;

	(void)state;
	planned_begin(&p, "q35-5g");
	p.request.limits = range_between(GiB(1), GiB(2));
	make(&p, &job, &preview);
	assert_apart(&preview);
	assert_true(total(&preview, PREVIEW_KEPT) >= GiB(4) - MiB(2));
	for (size_t i = 0; i < preview.area_count; i++)
		if (preview.areas[i].use == PREVIEW_FREE)
			assert_true(range_contains(p.request.limits, preview.areas[i].mem));
	arena_free(&p.arena);
}

/* After a panic the rest of the memory is evidence. */
static void a_crash_kernel_has_its_own(void **state)
{
	struct preview preview;
	struct planned p;
	struct job job;

	(void)state;
	planned_begin(&p, "q35-5g-crash-high");
	p.request.crash = true;
	p.request.command_line = "quiet";
	p.machine.dump =
		(struct dump_facts){ .notes = &(struct range){ MiB(200), 1024 }, .note_count = 1 };
	make(&p, &job, &preview);
	assert_apart(&preview);
	assert_int_equal(total(&preview, PREVIEW_LOADED) + total(&preview, PREVIEW_ROOM) +
			total(&preview, PREVIEW_FREE),
		p.machine.crash.items[p.machine.crash.count - 1].size);
	arena_free(&p.arena);
}

static const struct preview_change *change_of(const struct preview *preview, const char *word)
{
	for (size_t i = 0; i < preview->change_count; i++)
		if (strcmp(preview->changes[i].word, word) == 0)
			return &preview->changes[i];
	return NULL;
}

static void changes_have_reasons(void **state)
{
	struct preview preview;
	struct planned p;
	struct job job;

	(void)state;
	planned_begin(&p, "pc-256m");
	make(&p, &job, &preview);
	assert_int_equal(preview.change_count, 0);
	job.lines[LINE_GIVEN] = "BOOT_IMAGE=/a  root=x \"a b\" saut.words=1 panic=1 y y -- z";
	job.lines[LINE_REUSED] = "root=x \"a b\" y y -- z";
	job.lines[LINE_JOINED] = "root=x \"a b\" y y -- z ro";
	job.lines[LINE_EDITED] = "root=x y -- z ro";
	job.lines[LINE_TUNED] = "root=x y saut.words=1 cryptomgr.notests -- z ro";
	job.lines[LINE_TRIAL] = job.lines[LINE_TUNED];
	job.lines[LINE_PLANNED] = "root=x y saut.words=1 cryptomgr.notests -- z ro acpi_rsdp=0x1";
	assert_true(preview_make(&job, &p.arena, &preview));
	assert_int_equal(preview.change_count, 9);
	assert_non_null(strstr(change_of(&preview, "BOOT_IMAGE=/a")->why, "boot loader"));
	assert_string_equal(
		change_of(&preview, "panic=1")->why, "it was added for the running kernel alone");
	assert_false(change_of(&preview, "\"a b\"")->is_added);
	assert_false(change_of(&preview, "y")->is_added);
	assert_true(change_of(&preview, "ro")->is_added);
	assert_true(change_of(&preview, "cryptomgr.notests")->is_added);
	assert_string_equal(change_of(&preview, "acpi_rsdp=0x1")->why,
		"this kernel is told so by its command line");
	arena_free(&p.arena);
}

static void costs_add_up(void **state)
{
	struct preview preview;
	struct planned p;
	struct job job;
	uint64_t sum = 0;

	(void)state;
	planned_begin(&p, "q35-5g");
	planned_add_initrd(&p, MiB(50));
	make(&p, &job, &preview);
	for (size_t i = 0; i < preview.cost_count; i++)
		sum += preview.costs[i].ns;
	assert_int_equal(sum, preview.blackout_ns);
	assert_true(preview.blackout_ns > 20 * 1000 * 1000);
	p.machine.arch = job.machine.arch = ARCH_ARM64;
	assert_true(preview_make(&job, &p.arena, &preview));
	assert_string_equal(preview.costs[0].of, "each byte once");
	arena_free(&p.arena);
}

/* What is ours has a row each; the others are few, and none is missing. */
static void a_crowd_is_few_rows(void **state)
{
	const char *const machines[] = { "pc-256m", "server-1536g", "server-4t", "server-12t" };

	(void)state;
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		const struct preview_row *rows;
		size_t count, pieces = 0;
		struct preview preview;
		struct planned p;
		struct job job;

		planned_begin(&p, machines[i]);
		make(&p, &job, &preview);
		assert_true(preview_map(&preview, &p.arena, &rows, &count));
		assert_true(count < 70);
		for (size_t k = 0; k < count; k++) {
			assert_int_equal(rows[k].count == 1, rows[k].single != NULL);
			assert_true(rows[k].size <= rows[k].span.size);
			assert_true(k == 0 || rows[k].span.start >= range_end(rows[k - 1].span));
			pieces += rows[k].count;
		}
		assert_int_equal(pieces, preview.area_count);
		arena_free(&p.arena);
	}
}

static void bars_grow(void **state)
{
	(void)state;
	assert_int_equal(preview_length(0, 20), 1);
	assert_int_equal(preview_length(4096, 20), 1);
	assert_int_equal(preview_length(TiB(16), 20), 20);
	assert_int_equal(preview_length(UINT64_MAX, 20), 20);
	for (unsigned bits = 1; bits < 64; bits++)
		assert_true(preview_length(UINT64_C(1) << bits, 20) >=
			preview_length(UINT64_C(1) << (bits - 1), 20));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_has_a_use),
		cmocka_unit_test(limits_are_told),
		cmocka_unit_test(a_crash_kernel_has_its_own),
		cmocka_unit_test(changes_have_reasons),
		cmocka_unit_test(costs_add_up),
		cmocka_unit_test(a_crowd_is_few_rows),
		cmocka_unit_test(bars_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
