/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What headers say, under one set of names. */
#include "test.h"

#include "inspect/inspect.h"

static bool has_flag(const struct inspect_boot *boot, const char *name)
{
	for (size_t i = 0; boot->flags[i]; i++)
		if (strcmp(boot->flags[i], name) == 0)
			return true;
	return false;
}

static void a_header_of_x86(void **state)
{
	const struct image image = { .format = IMAGE_BZIMAGE,
		.bzimage = { .protocol = 0x20f,
			.xloadflags = XLF_KERNEL_64 | XLF_EFI_KEXEC,
			.has_protected_entry = true,
			.initrd_max = 0x7fffffff,
			.command_line_max = 2047,
			.init_size = 4096 } };
	const struct inspect_boot boot = inspect_boot_of(&image);

	(void)state;
	assert_int_equal(boot.protocol, 0x20f);
	assert_true(has_flag(&boot, "32-bit-entry") && has_flag(&boot, "64-bit-entry"));
	assert_true(has_flag(&boot, "efi-kexec"));
	assert_false(has_flag(&boot, "above-4g") || has_flag(&boot, "relocatable"));
	assert_int_equal(boot.command_line_max, 2047);
	assert_int_equal(boot.memory, 4096);
	assert_null(boot.compression);
}

/* All of them have room. */
static void every_flag_is_told(void **state)
{
	const struct image image = { .format = IMAGE_BZIMAGE,
		.bzimage = {
			.xloadflags = 0x7f, .has_protected_entry = true, .relocatable = true } };
	const struct inspect_boot boot = inspect_boot_of(&image);
	size_t n = 0;

	(void)state;
	while (boot.flags[n])
		n++;
	assert_int_equal(n, 9);
}

static void a_raw_image(void **state)
{
	const struct image image = { .format = IMAGE_RAW,
		.raw = { .link_address = PHYS_MAX, .memory_size = 1 << 20, .page_size = 16384 } };
	const struct inspect_boot boot = inspect_boot_of(&image);

	(void)state;
	assert_true(has_flag(&boot, "relocatable"));
	assert_int_equal(boot.page_size, 16384);
	assert_int_equal(boot.memory, 1 << 20);
	assert_int_equal(boot.protocol, 0);
}

static void what_is_no_kernel_tells_nothing_of_moving(void **state)
{
	(void)state;
	assert_int_equal(inspect_kaslr(view_of_string("no ELF")), ANSWER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_header_of_x86),
		CASE(every_flag_is_told),
		CASE(a_raw_image),
		CASE(what_is_no_kernel_tells_nothing_of_moving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
