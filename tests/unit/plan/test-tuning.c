/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which words shorten the next kernel's start, and whether it is the running one. */
#include "image/bzimage-file.h"

#include "plan/same-build.h"
#include "plan/tuning.h"

#define OTHER "it is Linux 6.12.2"

static const struct own_build tested = { .version = "" };
static const struct own_build untested = { .version = "", .ciphers_untested = "no cipher was" };

static void words_are_added_where_they_help(void **state)
{
	static const struct {
		const char *line, *tuned;
		size_t notes;
	} cases[] = {
		{ "root=/dev/sda1", "root=/dev/sda1 saut.words=1 cryptomgr.notests", 1 },
		{ "console=ttyS0", "console=ttyS0 saut.words=2 quiet cryptomgr.notests", 2 },
		{ "console=ttyS0 loglevel=7",
			"console=ttyS0 loglevel=7 saut.words=1 cryptomgr.notests", 1 },
		{ "fips=1 console=ttyS1 debug", "fips=1 console=ttyS1 debug", 0 },
		{ "quiet cryptomgr.notests", "quiet cryptomgr.notests", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct tuning_grounds grounds = { .line = cases[i].line, .wanted = TUNE_ANY };
		struct arena a = { 0 };
		struct notes notes = { .arena = &a };

		assert_string_equal(tuning_apply(&grounds, &a, &notes), cases[i].tuned);
		assert_int_equal(notes.count, cases[i].notes);
		arena_free(&a);
	}
}

static void the_same_build_does_without_what_was_shown(void **state)
{
	static const struct {
		struct tuning_grounds grounds;
		const char *tuned, *note;
	} cases[] = {
		{ { "console=ttyS0", TUNE_SAME, &tested, NULL },
			"console=ttyS0 saut.words=1 cryptomgr.notests",
			"is added to the command line (the running kernel is the same build" },
		{ { "quiet", TUNE_SAME, &tested, OTHER }, "quiet",
			"is not added to the command line: " OTHER },
		{ { "quiet", TUNE_SAME, &untested, NULL }, "quiet",
			"is not added to the command line: no cipher was" },
		{ { "fips=1", TUNE_SAME, &tested, NULL }, "fips=1", "which wants the tests" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena a = { 0 };
		struct notes notes = { .arena = &a };

		assert_string_equal(tuning_apply(&cases[i].grounds, &a, &notes), cases[i].tuned);
		assert_int_equal(notes.count, 1);
		assert_non_null(strstr(notes.items[0], cases[i].note));
		arena_free(&a);
	}
}

/* A build, a running kernel that is the same, and what the latter was told of itself. */
struct pair {
	struct arena arena;
	struct block file;
	struct image image;
	struct machine machine;
	struct own_build own;
	struct block boot_params;
};

enum { BOOT_PARAMS = 4096 };

static void parse(struct pair *pair)
{
	struct error err = { 0 };

	if (!image_parse(
		    (struct view){ pair->file.p, pair->file.n }, &pair->arena, &pair->image, &err))
		fail_msg("%s", err.reason);
}

static void make(struct pair *pair)
{
	*pair = (struct pair){ 0 };
	pair->file = bz_make(&pair->arena);
	pair->boot_params =
		(struct block){ arena_alloc(&pair->arena, BOOT_PARAMS), BOOT_PARAMS, false };
	block_put_bytes(&pair->boot_params, SETUP_HEADER_OFFSET,
		(struct view){
			pair->file.p + SETUP_HEADER_OFFSET, BZ_HEADER_END - SETUP_HEADER_OFFSET });
	pair->machine.uname_release = "6.12.1-test";
	pair->machine.boot_params = (struct view){ pair->boot_params.p, BOOT_PARAMS };
	pair->own.version = "#1 SMP";
	parse(pair);
}

/* NULL: they are the same build. */
static void expect(struct pair *pair, struct view unpacked, const char *why)
{
	const struct build_grounds grounds = {
		.machine = &pair->machine,
		.own = &pair->own,
		.image = &pair->image,
		.unpacked = unpacked,
	};
	const char *difference = build_difference(&grounds, &pair->arena);

	if (!difference != !why || (why && !strstr(difference, why)))
		fail_msg("\"%s\" is not \"%s\"", difference ? difference : "the same",
			why ? why : "the same");
	arena_free(&pair->arena);
}

#define PACKED ((struct view){ 0 })

static void a_packed_kernel_is_known_by_its_header(void **state)
{
	static const char *const fields[] = { "payload_offset", "payload_length", "pref_address",
		"init_size", "handover_offset" };
	struct pair pair;

	(void)state;
	make(&pair);
	expect(&pair, PACKED, NULL);
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		make(&pair);
		block_put_u8(&pair.boot_params, bz_field(fields[i])->offset, 1);
		expect(&pair, PACKED, "its header is not");
	}
	/* An EFI stub that made its own boot_params knows none of this. */
	make(&pair);
	block_put_le32(&pair.boot_params, bz_field("payload_length")->offset, 0);
	expect(&pair, PACKED, "by its version alone");
	make(&pair);
	pair.machine.boot_params = (struct view){ 0 };
	expect(&pair, PACKED, "by its version alone");
}

static void an_unpacked_kernel_is_known_by_its_build_id(void **state)
{
	static const uint8_t kernel[] = "kernel with the note GNU 1234 in it";
	const struct view unpacked = { kernel, sizeof kernel };
	struct pair pair;

	(void)state;
	make(&pair);
	pair.own.id = view_of_string("GNU 1234");
	expect(&pair, unpacked, NULL);
	make(&pair);
	pair.own.id = view_of_string("GNU 1235");
	expect(&pair, unpacked, "its build ID is not");
	make(&pair);
	pair.own.id = view_of_string("a note that is longer than the kernel as a whole");
	expect(&pair, unpacked, "its build ID is not");
	/* The header would do; but where something better is to be had, it is asked for. */
	make(&pair);
	expect(&pair, unpacked, "build ID is not known");
}

static void the_version_is_compared_whole(void **state)
{
	static const struct {
		const char *release, *version, *why;
	} cases[] = {
		{ "6.12.1-test", "#2 SMP", "it is Linux 6.12.1-test" },
		{ "6.12.1-tes", "#1 SMP", "it is Linux 6.12.1-test" },
		{ "6.12.1-test-cloud", "#1 SMP", "it is Linux 6.12.1-test" },
		{ "6.12.1-test", "1 SMP", "it is Linux 6.12.1-test" },
		{ "6.12.1-test", "", "version is not known" },
		{ "", "#1 SMP", "version is not known" },
	};
	struct pair pair;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		make(&pair);
		pair.machine.uname_release = cases[i].release;
		pair.own.version = cases[i].version;
		expect(&pair, PACKED, cases[i].why);
	}
	make(&pair);
	bz_set(&pair.file, "kernel_version", 0);
	parse(&pair);
	expect(&pair, PACKED, "does not tell its version");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_added_where_they_help),
		cmocka_unit_test(the_same_build_does_without_what_was_shown),
		cmocka_unit_test(a_packed_kernel_is_known_by_its_header),
		cmocka_unit_test(an_unpacked_kernel_is_known_by_its_build_id),
		cmocka_unit_test(the_version_is_compared_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
