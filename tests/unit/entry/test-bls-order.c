/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of UAPI.1's entries, the patterns of loader.conf(5), and GRUB's orders of file names. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "entry/bls/bls.h"
#include "entry/bls/filename.h"

/* Ascending as a menu shows them. */
static const struct bls_item order[] = {
	{ .id = "z.conf", .sort_key = "arch", .machine_id = "1", .version = "1" },
	{ .id = "y.conf", .sort_key = "debian", .machine_id = "1", .version = "6.10" },
	{ .id = "x.conf", .sort_key = "debian", .machine_id = "1", .version = "6.9" },
	{ .id = "w.conf", .sort_key = "debian", .machine_id = "2", .version = "7" },
	{ .id = "u.conf", .sort_key = "fedora", .entry = { .is_counted = true, .tries_left = 3 } },
	{ .id = "u.conf",
		.sort_key = "fedora",
		.entry = { .is_counted = true, .tries_left = 2, .tries_done = 1 } },
	{ .id = "u.conf",
		.sort_key = "fedora",
		.entry = { .is_counted = true, .tries_left = 2, .tries_done = 2 } },
	{ .id = "0-rescue.conf" }, /* a digit is newer than letters, be it a zero */
	{ .id = "v-10.conf" },
	{ .id = "v-9.conf" },
	{ .id = "arch.conf" },
	{ .id = "arch-fallback.conf" },
	{ .id = "a.conf", .sort_key = "arch", .entry = { .is_counted = true, .tries_done = 3 } },
};

static void entries_are_in_order(void **state)
{
	enum { COUNT = sizeof order / sizeof *order };
	static const struct bls_rules rules = { .has_sort_keys = true };

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t k = 0; k < COUNT; k++) {
			int compared = bls_compare(&order[i], &order[k], &rules);

			if ((compared < 0) != (i < k) || (compared > 0) != (i > k))
				fail_msg("%s and %s (%zu, %zu): %d", order[i].id, order[k].id, i, k,
					compared);
		}
	}
}

/* systemd-boot before 250. */
static void sort_keys_may_be_unknown(void **state)
{
	static const struct bls_rules rules = { 0 };
	const struct bls_item a = { .id = "a", .sort_key = "a" },
			      b = { .id = "b", .sort_key = "b" };

	(void)state;
	assert_true(bls_compare(&b, &a, &rules) < 0);
}

static const struct {
	const char *pattern, *name;
	bool matches;
} globs[] = {
	{ "", "", true },
	{ "*", "", true },
	{ "?", "", false },
	{ "a*c", "abbbc", true },
	{ "a*c", "abbbcd", false },
	{ "*-6.1*", "debian-6.1.0", true },
	{ "[a-c]x", "bx", true },
	{ "[a-c]x", "Bx", false }, /* who calls folds both */
	{ "[!a-c]x", "bx", true }, /* and nothing negates */
	{ "[!a-c]x", "dx", false },
	{ "[!a-c]x", "!x", true },
	{ "[^a]x", "^x", true },
	{ "[x", "[x", false },
	{ "[x", "x", false },
	{ "[]x]", "]", true },
	{ "[a-c-f]", "d", false },
	{ "[a-c-f]", "-", true },
	{ "[a-]", "-", true },
	{ "[-a]", "-", true },
	{ "[\\]]", "]", true },
	{ "[a\\-c]", "b", false },
	{ "[a-\\c]", "b", true },
	{ "[a\\", "a", false },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "a\\", "a\\", false },
	{ "**a", "bba", true },
	{ "*a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		false },
};

static void patterns_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
		if (bls_matches(globs[i].pattern, globs[i].name) != globs[i].matches)
			fail_msg("%s and %s", globs[i].pattern, globs[i].name);
}

static const struct {
	const char *name, *base;
	bool is_counted;
	unsigned left, done;
} counts[] = {
	{ "a+3", "a", true, 3, 0 },
	{ "a+0-3", "a", true, 0, 3 },
	{ "a+b+2-1", "a+b", true, 2, 1 },
	{ "a", "a", false, 0, 0 },
	{ "a+", "a+", false, 0, 0 },
	{ "+3", "+3", false, 0, 0 },
	{ "a+2147483647", "a", true, 2147483647, 0 },
	{ "a+2147483648", "a+2147483648", false, 0, 0 },
	{ "a+3-", "a+3-", false, 0, 0 },
	{ "a+x", "a+x", false, 0, 0 },
	{ "6.12.100+deb13-amd64", "6.12.100+deb13-amd64", false, 0, 0 },
	{ "a+99999999999", "a+99999999999", false, 0, 0 },
};

static void boots_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct arena arena = { 0 };
		struct finder f = { .arena = &arena };
		struct entry e = { 0 };

		assert_string_equal(bls_uncount(&f, counts[i].name, &e), counts[i].base);
		assert_int_equal(e.is_counted, counts[i].is_counted);
		assert_int_equal(e.tries_left, counts[i].left);
		assert_int_equal(e.tries_done, counts[i].done);
		arena_free(&arena);
	}
}

/* Newest first, as rpm has it: both orders of GRUB where second is false. */
static const struct {
	const char *newer, *older;
	bool only_rpm;
} names[] = {
	{ "m-6", "m-5", false },
	{ "m-6.10", "m-6.9", false },
	{ "m-6.1.0-2.fc40.x86_64", "m-6.1.0-1.fc40.x86_64", false },
	{ "m-6.1.0-10.fc40.x86_64", "m-6.1.0-9.fc40.x86_64", false },
	{ "m-6.1.0-1.fc40.x86_64", "m-0-rescue", false },
	{ "m-6.1.0-1.x86_64+debug", "m-6.1.0-1.x86_64", false },
	{ "m-6.1.0", "m-6.1.0~rc1", false },
	{ "b-1-1", "a-2-2", false },
	{ "m-1.1", "m-1.a", false },
	{ "m-1.3", "m-1_2", true },
	{ "ostree-2", "ostree-1", false },
};

static void names_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *x = names[i].newer, *y = names[i].older;

		if (filename_compare_rpm(x, y) <= 0 || filename_compare_rpm(y, x) >= 0 ||
			filename_compare_rpm(x, x) != 0)
			fail_msg("%s and %s: %d", x, y, filename_compare_rpm(x, y));
		if (!names[i].only_rpm &&
			(filename_compare_gnu(x, y) <= 0 || filename_compare_gnu(y, x) >= 0))
			fail_msg("GNU: %s and %s: %d", x, y, filename_compare_gnu(x, y));
	}
	assert_int_equal(filename_compare_rpm("a_1", "a.1"), 0);
	assert_true(filename_compare_gnu("a_1", "a.1") != 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(entries_are_in_order),
		CASE(sort_keys_may_be_unknown),
		CASE(patterns_match),
		CASE(boots_are_counted),
		CASE(names_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
