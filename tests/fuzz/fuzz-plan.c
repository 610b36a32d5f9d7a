/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel and a machine, neither of which can be trusted: a plan that comes of them places everything in free
 * memory of that machine, each segment in its own, and enters one of them. The input: a byte of flags, a byte, the
 * kernel's size in two, the kernel, and an archive of the machine (machine/archive.h).
 */
#include "arch/registry.h"
#include "fuzz.h"
#include "machine/archive.h"
#include "plan/plan.h"

enum { HEAD = 4, INITRD = 5000, INITRDS = 2 };

enum { HAS_INITRD = 2, HAS_INITRDS = 4, IS_AUTO = 8, IS_VERIFIED = 16 };

static const uint8_t initrd[INITRD];

static void expect_in_memory(const struct machine *m, struct range r)
{
	expect(ranges_contain(&m->ram, r));
	for (size_t i = 0; i < m->reserved.count; i++)
		expect(!range_overlaps(m->reserved.items[i], r));
}

static void expect_segments(const struct plan *plan, const struct machine *m)
{
	bool is_entered = false;

	expect(plan->segment_count >= 1 && plan->segment_count <= PLAN_SEGMENTS_MAX);
	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *s = &plan->segments[i];

		expect(s->mem.size && s->data.n <= s->mem.size);
		expect(s->mem.start % m->page_size == 0 && s->mem.size % m->page_size == 0);
		expect_in_memory(m, s->mem);
		for (size_t j = 0; j < i; j++)
			expect(!range_overlaps(plan->segments[j].mem, s->mem));
		is_entered |= range_has(s->mem, plan->entry);
	}
	expect(is_entered);
}

static void make(
	const struct image *image, const struct machine *m, unsigned flags, struct view file)
{
	const struct arch_ops *arch = arch_find(m->arch);
	const struct input inputs[INITRDS] = { { "first", { initrd, INITRD }, -1 },
		{ "second", { initrd, 1 }, -1 } };
	const struct request request = {
		.kernel = { "kernel", file, -1 },
		.image = image,
		.initrds = inputs,
		.initrd_count = flags & HAS_INITRDS ? INITRDS
			: flags & HAS_INITRD        ? 1
						    : 0,
		.command_line = "quiet console=ttyS0",
		.call = flags & IS_AUTO ? CALL_AUTO : CALL_LOAD,
		.check = flags & IS_VERIFIED ? CHECK_CRC32C : CHECK_NONE,
		.limits = { 0, PHYS_MAX },
	};
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct plan plan;

	if (!arch)
		return;
	if (!plan_make(arch, m, &request, &arena, &plan, &err))
		expect(err.reason[0] != '\0' && err.fault != FAULT_INTERNAL);
	else if (plan.call == CALL_LOAD)
		expect_segments(&plan, m);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view input = { data, size }, file;
	struct reader head = reader_at(input, 0);
	const unsigned flags = reader_u8(&head);
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct archive archive;
	struct machine m;
	struct image image;
	uint16_t n;

	reader_skip(&head, 1);
	n = reader_le16(&head);
	if (!head.overrun && view_sub(input, HEAD, n, &file) &&
		archive_parse(view_from(input, HEAD + n), &arena, &archive, &err) &&
		machine_capture(&archive.source, &arena, &m, &err) &&
		image_parse(file, &arena, &image, &err))
		make(&image, &m, flags, file);
	else
		expect(head.overrun || n || err.reason[0]);
	arena_free(&arena);
	return 0;
}
