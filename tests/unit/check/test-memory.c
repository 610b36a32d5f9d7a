/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#include "base/arith.h"

/* Files of these sizes, of which no byte is looked at. */
static void begin(struct checked *c, uint64_t init_size, struct input *initrd)
{
	checked_captured(c, "pc-256m");
	c->image = (struct image){ .format = IMAGE_BZIMAGE,
		.arch = ARCH_X86_64,
		.bytes = { .n = MiB(10) },
		.bzimage = { .init_size = init_size } };
	c->subject.image = &c->image;
	c->subject.initrds = initrd;
	c->subject.initrd_count = 1;
	c->subject.has_initrds = true;
}

static void passes_with_numbers(void **state)
{
	struct input initrd = { .bytes = { .n = MiB(20) } };
	struct checked c;

	(void)state;
	begin(&c, MiB(60), &initrd);
	assert_finding(check_memory(&c.subject), CHECK_PASS, "loading takes 60 of ");
	assert_finding(check_memory(&c.subject), CHECK_PASS,
		"needs 60 MiB and its initrds 20 MiB, and the largest piece of free memory is 255 MiB");
	c.plan = (struct plan){ .call = CALL_LOAD,
		.segments = { { .data = { .n = MiB(7) } }, { .data = { .n = MiB(1) } } },
		.segment_count = 2 };
	c.subject.plan = &c.plan;
	assert_finding(check_memory(&c.subject), CHECK_PASS, "loading takes 8 of ");
	checked_free(&c);
}

static void says_what_a_kernel_does_not_tell(void **state)
{
	struct input initrd = { .bytes = { .n = MiB(20) } };
	struct checked c;

	(void)state;
	begin(&c, 0, &initrd);
	c.image.format = IMAGE_ELF;
	c.image.elf.memory = (struct range){ MiB(16), MiB(40) };
	assert_finding(check_memory(&c.subject), CHECK_PASS, "the next kernel needs 40 MiB");
	c.image.format = IMAGE_UKI;
	assert_finding(check_memory(&c.subject), CHECK_PASS,
		"file does not tell what it needs at its place, its initrds need 20 MiB");
	checked_free(&c);
}

static void fails_where_there_is_no_room(void **state)
{
	struct input initrd = { .bytes = { .n = MiB(200) } };
	struct checked c;

	(void)state;
	begin(&c, MiB(60), &initrd);
	assert_finding(check_memory(&c.subject), CHECK_FAIL, "its initrds 200 MiB");
	initrd.bytes.n = MiB(1);
	c.image.bzimage.init_size = MiB(256);
	assert_finding(check_memory(&c.subject), CHECK_FAIL, "needs 256 MiB in one piece");
	fail(&c.error, FAULT_FIT_MEMORY, "no hole of 77 bytes");
	c.subject.refused = &c.error;
	assert_finding(check_memory(&c.subject), CHECK_FAIL, "no hole of 77 bytes");
	checked_free(&c);
}

static void warns_where_loading_takes_too_much(void **state)
{
	struct input initrd = { .bytes = { .n = MiB(20) } };
	struct checked c;

	(void)state;
	begin(&c, MiB(60), &initrd);
	c.machine.memory_available = MiB(59);
	assert_finding(check_memory(&c.subject), CHECK_WARN,
		"loading takes 60 MiB, and 59 MiB are available");
	c.machine.memory_available = 0;
	assert_finding(check_memory(&c.subject), CHECK_UNKNOWN, "/proc/meminfo");
	checked_free(&c);
}

static void does_not_know_what_is_not_known(void **state)
{
	struct input initrd = { .bytes = { .n = UINT32_MAX } };
	struct checked c;

	(void)state;
	begin(&c, MiB(60), &initrd);
	c.subject.has_initrds = false;
	assert_finding(check_memory(&c.subject), CHECK_UNKNOWN, "initrds are not known");
	c.machine.no_memory = "/proc/iomem is not there";
	assert_finding(check_memory(&c.subject), CHECK_UNKNOWN, "/proc/iomem");
	c.subject.machine = NULL;
	assert_finding(check_memory(&c.subject), CHECK_UNKNOWN, "this machine");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_with_numbers),
		CASE(says_what_a_kernel_does_not_tell),
		CASE(fails_where_there_is_no_room),
		CASE(warns_where_loading_takes_too_much),
		CASE(does_not_know_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
