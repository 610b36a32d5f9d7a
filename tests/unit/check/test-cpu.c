/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static const struct table_source second_level = TABLE_SOURCE(CHECKED_UNAME,
	{ "proc/cpuinfo", "processor\t: 0\nflags\t\t: lm cx16 lahf_lm popcnt la57\n", 0, false },
	{ "boot/config-6.1.0-two", "CONFIG_X86_64=y\nCONFIG_X86_64_VERSION=2\n", 0, false },
	{ "boot/config-6.1.0-three", "CONFIG_X86_64=y\nCONFIG_X86_64_VERSION=3\n", 0, false },
	{ "usr/lib/modules/6.1.0-old/config", "CONFIG_GENERIC_CPU3=y\n", 0, false },
	{ "boot/config-6.1.0-any", "CONFIG_X86_64=y\n", 0, false });

static void begin(struct checked *c, enum cpu_arch arch)
{
	checked_made(c, &second_level);
	c->image = (struct image){ .format = IMAGE_BZIMAGE,
		.arch = arch,
		.bzimage = { .xloadflags = XLF_KERNEL_64 | XLF_5LEVEL } };
	c->subject.image = &c->image;
}

static void passes_on_its_own_kind(void **state)
{
	static const char *const releases[] = { "", "6.1.0-any", "6.1.0-two", "a/b",
		"6.1.0-x64v2" };
	struct checked c;

	(void)state;
	begin(&c, ARCH_X86_64);
	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
		c.subject.release = releases[i];
		assert_finding(check_cpu(&c.subject), CHECK_PASS, "a kernel for x86-64 on x86-64");
	}
	c.image.arch = ARCH_I386;
	assert_finding(check_cpu(&c.subject), CHECK_PASS, "a kernel for i386 on x86-64");
	checked_free(&c);
}

static void fails_on_another_cpu(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, ARCH_ARM64);
	assert_finding(check_cpu(&c.subject), CHECK_FAIL,
		"a kernel for arm64, and this machine is x86-64");
	checked_free(&c);
}

static void fails_below_the_level_that_it_was_compiled_for(void **state)
{
	static const char *const releases[] = { "6.1.0-three", "6.1.0-old",
		"6.15.2-x64v3-xanmod1" };
	struct checked c;

	(void)state;
	begin(&c, ARCH_X86_64);
	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
		c.subject.release = releases[i];
		assert_finding(
			check_cpu(&c.subject), CHECK_FAIL, "x86-64-v3, and this CPU has no abm");
	}
	checked_free(&c);
	checked_captured(&c, "server-4t");
	c.image = (struct image){ .format = IMAGE_BZIMAGE, .arch = ARCH_X86_64 };
	c.subject.image = &c.image;
	c.subject.release = "6.15.2-x64v4-xanmod1";
	assert_finding(check_cpu(&c.subject), CHECK_UNKNOWN, "could not be read");
	checked_free(&c);
}

static void tells_of_paging_that_the_kernel_does_not_know(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, ARCH_X86_64);
	c.image.bzimage.xloadflags = XLF_KERNEL_64;
	assert_finding(check_cpu(&c.subject), CHECK_NOTE, "with paging off");
	c.plan.call = CALL_FILE_LOAD;
	c.subject.plan = &c.plan;
	assert_finding(check_cpu(&c.subject), CHECK_FAIL, "kexec_file_load refuses it");
	c.machine.cpu.la57 = false;
	assert_finding(check_cpu(&c.subject), CHECK_PASS, "a kernel for x86-64");
	checked_free(&c);
}

static void does_not_know_other_pages(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "arm64-gicv3");
	c.image = (struct image){
		.format = IMAGE_RAW, .arch = ARCH_ARM64, .raw = { .page_size = 4096 }
	};
	c.subject.image = &c.image;
	assert_finding(check_cpu(&c.subject), CHECK_PASS, "a kernel for arm64");
	c.image.raw.page_size = 65536;
	assert_finding(
		check_cpu(&c.subject), CHECK_UNKNOWN, "pages of 64 KiB, the running one of 4 KiB");
	checked_free(&c);
}

static void does_not_know_without_image_or_machine(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, ARCH_UNKNOWN);
	assert_finding(check_cpu(&c.subject), CHECK_UNKNOWN, "was built for");
	c.subject.machine = NULL;
	assert_finding(check_cpu(&c.subject), CHECK_UNKNOWN, "this machine");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_on_its_own_kind),
		CASE(fails_on_another_cpu),
		CASE(fails_below_the_level_that_it_was_compiled_for),
		CASE(tells_of_paging_that_the_kernel_does_not_know),
		CASE(does_not_know_other_pages),
		CASE(does_not_know_without_image_or_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
