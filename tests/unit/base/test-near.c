/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "base/near.h"

static const struct {
	const char *typed, *name;
	size_t distance;
} pairs[] = {
	{ "reboot", "reboot", 0 },
	{ "reboto", "reboot", 1 }, /* the wrong way round */
	{ "rebot", "reboot", 1 },
	{ "rebboot", "reboot", 1 },
	{ "tebooot", "reboot", 2 },
	{ "lod", "load", 1 },
	{ "initrd-unckecked", "initrd-unchecked", 1 },
	{ "kexec-file-sycsall", "kexec-file-syscall", 1 },
	{ "list", "load", NEAR_FAR },
	{ "ls", "list", NEAR_FAR }, /* half of it */
	{ "", "list", NEAR_FAR },
	{ "status", "", NEAR_FAR },
	{ "a-name-that-is-longer-than-any-name-there-is", "list", NEAR_FAR },
};

static void slips_are_near(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		assert_int_equal(
			near_distance(pairs[i].typed, strlen(pairs[i].typed), pairs[i].name),
			pairs[i].distance);
}

static void only_the_name_counts(void **state)
{
	(void)state;
	assert_int_equal(near_distance("newset=x", 6, "newest"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(slips_are_near),
		CASE(only_the_name_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
