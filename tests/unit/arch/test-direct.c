/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans for a kernel that is entered without its decompressor, and what stands against one. */
#include "arch/planned.h"
#include "image/vmlinux-file.h"

#include "arch/x86/direct64.h"

enum { INIT_SIZE_MIB = 56, LOADFLAGS = 0x211, KASLR_FLAG = 2 };

struct direct_plan {
	struct planned p;
	struct direct direct;
};

/* A kernel that can be moved, on a captured machine, chosen by these random bytes. */
static void begin(struct direct_plan *d, const char *machine, uint8_t random)
{
	struct relocations relocations;

	planned_begin(&d->p, machine);
	memset(d->p.request.entropy, random, sizeof d->p.request.entropy);
	d->direct = (struct direct){ .movable = true };
	assert_true(vmlinux_parse(
		vm_view(vm_make(&d->p.arena, VM_THREE)), &d->direct.kernel, &d->p.error));
	assert_true(relocations_parse(&d->direct.kernel, &relocations, &d->p.error));
	d->p.request.direct = &d->direct;
}

static bool choose(struct direct_plan *d)
{
	d->p.error = (struct error){ 0 };
	assert_true(image_parse(bz_view(d->p.kernel), &d->p.arena, &d->p.image, &d->p.error));
	d->p.request.image = &d->p.image;
	return direct64_choose(&d->p.request, &d->direct, &d->p.error);
}

static bool make(struct direct_plan *d)
{
	return choose(d) && planned_make(&d->p);
}

/* The kernel's parts keep their distances; the stub enters the first one where the ELF says. */
static void expect_direct(const struct direct_plan *d)
{
	static const phys_t parts[] = { 0, VM_DATA - VM_LINK, VM_PERCPU - VM_LINK,
		VM_INIT - VM_LINK };
	const struct plan *plan = &d->p.plan;
	phys_t base = plan->segments[0].mem.start;

	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(plan->segments[i].name, "kernel");
		assert_int_equal(plan->segments[i].mem.start, base + parts[i]);
		assert_int_equal(plan->segments[i].mem.size, 4096);
		assert_ptr_equal(
			plan->segments[i].data.p, vmlinux_load_bytes(&d->direct.kernel, i).p);
		assert_int_equal(
			plan->segments[i].data.n, vmlinux_load_bytes(&d->direct.kernel, i).n);
	}
	assert_int_equal(planned_args(&d->p).entry, base + (VM_ENTRY - VM_LINK));
	assert_int_equal(base % BZ_ALIGNMENT, 0);
}

static unsigned loadflags(const struct direct_plan *d)
{
	return planned_segment(&d->p, "boot data")->data.p[LOADFLAGS];
}

static void a_kernel_is_put_at_a_random_place(void **state)
{
	struct direct_plan d;

	(void)state;
	begin(&d, "q35-1g", 0x5a);
	planned_add_initrd(&d.p, MiB(20));
	assert_true(make(&d));
	expect_direct(&d);
	assert_true(d.direct.randomised);
	assert_true(d.direct.offset > 0 && d.direct.offset % BZ_ALIGNMENT == 0);
	assert_true(d.p.plan.segments[0].mem.start > BZ_PREF_ADDRESS);
	assert_true(loadflags(&d) & KASLR_FLAG);
	assert_int_equal(d.p.plan.notes.count, 0);
	arena_free(&d.p.arena);
}

static void nothing_of_it_is_random_where_that_is_not_wanted(void **state)
{
	static const struct {
		const char *line;
		bool movable;
	} cases[] = {
		{ "quiet nokaslr", true },
		{ "nokaslr", true },
		{ "nokaslr\tquiet", true },
		{ "quiet", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct direct_plan d;

		begin(&d, "q35-1g", 0xff);
		d.direct.movable = cases[i].movable;
		d.p.request.command_line = cases[i].line;
		assert_true(make(&d));
		expect_direct(&d);
		assert_false(d.direct.randomised);
		assert_int_equal(d.direct.offset, 0);
		assert_int_equal(d.p.plan.segments[0].mem.start, BZ_PREF_ADDRESS);
		assert_false(loadflags(&d) & KASLR_FLAG);
		arena_free(&d.p.arena);
	}
}

static void words_that_only_look_like_it_are_not(void **state)
{
	static const char *const lines[] = { "nokaslrx", "xnokaslr", "nokaslr=1", "" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct direct_plan d;

		begin(&d, "q35-1g", 0xff);
		d.p.request.command_line = lines[i];
		assert_true(make(&d));
		assert_true(d.direct.randomised);
		arena_free(&d.p.arena);
	}
}

/* The memory that the kernel uses before it manages it is free, and nothing of ours lies in it. */
static void expect_sound(const struct direct_plan *d)
{
	struct range working = { d->p.plan.segments[0].mem.start, MiB(INIT_SIZE_MIB) };
	const struct plan *plan = &d->p.plan;

	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *s = &plan->segments[i];

		assert_true(ranges_contain(&d->p.machine.ram, s->mem));
		for (size_t j = 0; j < d->p.machine.reserved.count; j++)
			assert_false(range_overlaps(d->p.machine.reserved.items[j], s->mem));
		for (size_t j = 0; j < i; j++)
			assert_false(range_overlaps(plan->segments[j].mem, s->mem));
		assert_int_equal(range_contains(working, s->mem), i < 4);
		assert_int_equal(range_overlaps(working, s->mem), i < 4);
	}
	assert_true(ranges_contain(&d->p.machine.ram, working));
	for (size_t j = 0; j < d->p.machine.reserved.count; j++)
		assert_false(range_overlaps(d->p.machine.reserved.items[j], working));
}

static void whatever_is_drawn_the_plan_is_sound(void **state)
{
	static const char *const machines[] = { "pc-256m", "q35-1g", "q35-2g-mem", "q35-5g",
		"q35-uefi-5g", "server-1536g", "server-4t", "server-12t" };

	(void)state;
	for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
		for (unsigned random = 0; random <= 0xff; random += 15) {
			struct direct_plan d;

			begin(&d, machines[i], (uint8_t)random);
			planned_add_initrd(&d.p, MiB(30));
			planned_add_initrd(&d.p, 4096);
			assert_true(make(&d));
			expect_direct(&d);
			expect_sound(&d);
			assert_true(d.direct.offset + MiB(16) + d.direct.kernel.link.size <=
				VMLINUX_MAP_SIZE);
			arena_free(&d.p.arena);
		}
}

/* The running kernel hands out the memory of its own start first: one that is loaded there takes long to load. */
static void the_running_kernels_place_is_spared(void **state)
{
	static const char *const machines[] = { "pc-256m", "q35-1g", "q35-5g" };

	(void)state;
	for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
		for (unsigned random = 0; random <= 0xff; random += 5) {
			struct direct_plan d;

			begin(&d, machines[i], (uint8_t)random);
			planned_add_initrd(&d.p, MiB(30));
			assert_true(make(&d));
			assert_true(d.p.machine.running.size > MiB(30));
			for (size_t j = 0; j < d.p.plan.segment_count; j++)
				assert_false(range_overlaps(
					d.p.machine.running, d.p.plan.segments[j].mem));
			arena_free(&d.p.arena);
		}
}

/* A kernel in the middle of this machine would leave no room for this initrd. */
static void a_large_initrd_keeps_its_room(void **state)
{
	(void)state;
	for (unsigned random = 0; random <= 0xff; random += 5) {
		struct direct_plan d;

		begin(&d, "pc-256m", (uint8_t)random);
		planned_add_initrd(&d.p, MiB(150));
		assert_true(make(&d));
		assert_int_equal(d.p.plan.notes.count, 0);
		expect_direct(&d);
		expect_sound(&d);
		arena_free(&d.p.arena);
	}
}

static void limits_hold(void **state)
{
	struct range limits = range_between(MiB(200), MiB(400));

	(void)state;
	for (unsigned random = 0; random <= 0xff; random += 51) {
		struct direct_plan d;

		begin(&d, "q35-5g", (uint8_t)random);
		planned_add_initrd(&d.p, MiB(20));
		d.p.request.limits = limits;
		assert_true(make(&d));
		expect_sound(&d);
		for (size_t i = 0; i < d.p.plan.segment_count; i++)
			assert_true(range_contains(limits, d.p.plan.segments[i].mem));
		arena_free(&d.p.arena);
	}
}

static void too_many_segments_are_a_reason_for_the_image(void **state)
{
	struct direct_plan d;

	(void)state;
	begin(&d, "q35-1g", 0x80);
	for (size_t i = 0; i < 10; i++)
		planned_add_initrd(&d.p, 4096);
	assert_true(make(&d));
	expect_direct(&d);
	assert_int_equal(d.p.plan.segment_count, PLAN_SEGMENTS_MAX);

	planned_add_initrd(&d.p, 4096);
	assert_true(make(&d));
	assert_int_equal(d.p.plan.segment_count, 1 + 11 + 2);
	assert_ptr_equal(planned_segment(&d.p, "kernel")->data.p, d.p.image.bzimage.kernel.p);
	assert_false(loadflags(&d) & KASLR_FLAG);
	assert_int_equal(d.p.plan.notes.count, 1);
	assert_non_null(strstr(d.p.plan.notes.items[0], "unpacks itself"));
	assert_non_null(strstr(d.p.plan.notes.items[0], "would be segment 17"));
	arena_free(&d.p.arena);
}

static void the_kernel_must_be_the_one_of_its_header(void **state)
{
	static const struct {
		const char *field;
		uint64_t value;
		const char *text;
	} cases[] = {
		{ "pref_address", MiB(32), "linked to 0x1000000, its header says 0x2000000" },
		{ "kernel_alignment", MiB(1), "alignment is 0x100000, below 2 MiB" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct direct_plan d;

		begin(&d, "q35-1g", 0);
		bz_set(&d.p.kernel, cases[i].field, cases[i].value);
		assert_false(choose(&d));
		assert_reason(d.p.error, cases[i].text);
		arena_free(&d.p.arena);
	}
}

static const char *obstacle(struct direct_plan *d)
{
	assert_true(image_parse(bz_view(d->p.kernel), &d->p.arena, &d->p.image, &d->p.error));
	d->p.request.image = &d->p.image;
	return direct64_obstacle(&d->p.machine, &d->p.request);
}

static void expect_obstacle(struct direct_plan *d, const char *text)
{
	const char *reason = obstacle(d);

	if (!reason != !text || (text && !strstr(reason, text)))
		fail_msg("it is \"%s\", not \"%s\"", reason ? reason : "nothing",
			text ? text : "nothing");
}

static void words_stand_against_it(void **state)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
		{ "root=/dev/vda1 quiet", NULL },
		{ "mem=512M", "takes memory away" },
		{ "quiet memmap=64M$0x10000000", "takes memory away" },
		{ "efi_fake_mem=1G@4G:0x20000", "takes memory away" },
		{ "movable_node", "takes memory away" },
		{ "kernelcore=1G", "takes memory away" },
		{ "mem=512M nokaslr", NULL },
		{ "member=5 memmapped nomem=1", NULL },
		{ "hugepages=512", NULL },
		{ "hugepagesz=2M hugepages=512", NULL },
		{ "hugepagesz=2M hugepages=9 hugepagesz=1G hugepages=2", "hugepagesz=" },
		{ "hugepagesz=1G nokaslr", NULL },
		{ "mem_encrypt=on", "mem_encrypt=" },
		{ "mem_encrypt=on nokaslr", "mem_encrypt=" },
		{ "no5lvl", NULL },
		{ "earlyprintk=ttyS0 console=ttyS0 crashkernel=256M", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct direct_plan d;

		begin(&d, "q35-1g", 0);
		d.p.machine.cpu.la57 = false;
		d.p.request.command_line = cases[i].line;
		expect_obstacle(&d, cases[i].text);
		arena_free(&d.p.arena);
	}
}

static void only_proven_kernels(void **state)
{
	static const struct {
		const char *version;
		bool proven;
	} cases[] = {
		{ "6.1.0-44-cloud-amd64 (", true },
		{ "6.12.1-test (", true },
		{ "7.0.0 (", true },
		{ "10.0 (", true },
		{ "6.0.19 (", false },
		{ "5.10.0-31-amd64 (", false },
		{ "4.19 (", false },
		{ "6", false },
		{ "6-12", false },
		{ "", false },
		{ "x6.12", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct direct_plan d;

		begin(&d, "q35-1g", 0);
		memset(d.p.kernel.p + BZ_VERSION_AT, 0, sizeof bz_version);
		block_put_bytes(&d.p.kernel, BZ_VERSION_AT, view_of_string(cases[i].version));
		expect_obstacle(&d, cases[i].proven ? NULL : "only proven with Linux 6.1");
		arena_free(&d.p.arena);
	}
}

static void five_levels_are_left_by_the_decompressor(void **state)
{
	struct direct_plan d;

	(void)state;
	begin(&d, "q35-1g", 0);
	d.p.machine.cpu.la57 = true;
	expect_obstacle(&d, NULL);
	d.p.request.command_line = "quiet no5lvl";
	expect_obstacle(&d, "5-level paging");
	d.p.request.command_line = "";
	bz_set(&d.p.kernel, "xloadflags", BZ_XLOADFLAGS & ~XLF_5LEVEL_ENABLED);
	expect_obstacle(&d, "5-level paging");
	d.p.machine.cpu.la57 = false;
	expect_obstacle(&d, NULL);
	arena_free(&d.p.arena);
}

static void guests_whose_memory_is_encrypted_are_set_up_by_the_decompressor(void **state)
{
	struct direct_plan d;

	(void)state;
	begin(&d, "q35-1g", 0);
	d.p.machine.cpu.sev = true;
	d.p.machine.cpu.hypervisor = false;
	expect_obstacle(&d, NULL);
	d.p.machine.cpu.hypervisor = true;
	expect_obstacle(&d, "encrypted");
	d.p.machine.cpu.sev = false;
	expect_obstacle(&d, NULL);
	d.p.machine.cpu.tdx = true;
	expect_obstacle(&d, "encrypted");
	d.p.machine.cpu.tdx = false;
	d.p.machine.xen = true;
	expect_obstacle(&d, "Xen");
	arena_free(&d.p.arena);
}

static void the_image_itself_may_stand_against_it(void **state)
{
	struct direct_plan d;

	(void)state;
	begin(&d, "q35-1g", 0);
	d.p.request.entry_point = ENTRY_POINT_32;
	expect_obstacle(&d, "32-bit mode");
	d.p.request.entry_point = ENTRY_POINT_AUTO;
	bz_set(&d.p.kernel, "relocatable_kernel", 0);
	expect_obstacle(&d, "not relocatable");
	bz_set(&d.p.kernel, "relocatable_kernel", 1);
	bz_set(&d.p.kernel, "payload_length", 0);
	expect_obstacle(&d, "not compressed by a known method");
	bz_set(&d.p.kernel, "payload_length", BZ_PAYLOAD);
	bz_set(&d.p.kernel, "version", 0x0207);
	expect_obstacle(&d, "not compressed by a known method");
	arena_free(&d.p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_kernel_is_put_at_a_random_place),
		CASE(nothing_of_it_is_random_where_that_is_not_wanted),
		CASE(words_that_only_look_like_it_are_not),
		CASE(whatever_is_drawn_the_plan_is_sound),
		CASE(the_running_kernels_place_is_spared),
		CASE(a_large_initrd_keeps_its_room),
		CASE(limits_hold),
		CASE(too_many_segments_are_a_reason_for_the_image),
		CASE(the_kernel_must_be_the_one_of_its_header),
		CASE(words_stand_against_it),
		CASE(only_proven_kernels),
		CASE(five_levels_are_left_by_the_decompressor),
		CASE(guests_whose_memory_is_encrypted_are_set_up_by_the_decompressor),
		CASE(the_image_itself_may_stand_against_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
