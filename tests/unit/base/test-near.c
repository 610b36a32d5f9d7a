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

static const char *found(const char *typed, const char *const *names)
{
	struct near_search search = { typed, strlen(typed), NULL, 0 };

	for (; *names; names++)
		near_consider(&search, *names, strcspn(*names, "="));
	return search.found;
}

static void the_nearest_of_several_is_found(void **state)
{
	static const char *const names[] = { "--quiet", "--json=FILE", "status", "start", "stats",
		"a-name-that-is-longer-than-any-that-could-be-mistyped", NULL };

	(void)state;
	assert_ptr_equal(found("--jsn", names), names[1]);
	assert_ptr_equal(found("stat", names), names[3]);
	assert_ptr_equal(found("sta", names), names[2]);
	assert_ptr_equal(found("stats", names), names[4]);
	assert_null(found("st", names));
	assert_null(found("a-name-that-is-longer-than-any-that-could-be-mistype", names));
	assert_null(found("", names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(slips_are_near),
		CASE(only_the_name_counts),
		CASE(the_nearest_of_several_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
