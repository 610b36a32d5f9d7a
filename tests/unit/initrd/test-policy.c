/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model: facts in, form and reason out. */
#include "test.h"

#include "base/arith.h"
#include "codec/codec.h"
#include "initrd/policy.h"

#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* A machine with 16 GiB that loads by kexec_load, and a kernel that unpacks everything. */
static struct initrd_facts facts_of(const char *codec, uint64_t packed)
{
	return (struct initrd_facts){
		.understood = true,
		.parts = { { codec, packed, 0 } },
		.part_count = 1,
		.unpacks_lz4 = true,
		.unpacks_zstd = true,
		.check = INITRD_CHECK_CRC32C,
		.copies = 3,
		.holders = 2,
		.memory_available = GiB(12),
		.machine_ram = GiB(16),
	};
}

static void assert_form(
	const char *row, const struct initrd_facts *facts, enum initrd_form form, bool refused)
{
	struct initrd_choice choice = initrd_policy_choose(facts);

	assert_non_null(choice.reason);
	if (choice.form != form || choice.refused != refused)
		fail_msg("%s: %s, %s, since %s", row, initrd_form_name(choice.form),
			choice.refused ? "refused" : "not refused", choice.reason);
}

/* What each compression becomes where memory is no question. */
static void each_compression(void **state)
{
	static const struct {
		const char *row, *codec;
		uint64_t packed;
		enum initrd_check check;
		enum initrd_form form;
	} rows[] = {
		{ "gzip", "gzip", MiB(50), INITRD_CHECK_CRC32C, INITRD_RAW },
		{ "xz", "xz", MiB(40), INITRD_CHECK_CRC32C, INITRD_RAW },
		{ "lzma", "lzma", MiB(40), INITRD_CHECK_CRC32C, INITRD_RAW },
		{ "bzip2", "bzip2", MiB(50), INITRD_CHECK_CRC32C, INITRD_RAW },
		{ "zstd", "zstd", MiB(50), INITRD_CHECK_CRC32C, INITRD_RAW },
		{ "zstd, SHA-NI", "zstd", MiB(50), INITRD_CHECK_SHA_NI, INITRD_RAW },
		{ "zstd, no check", "zstd", MiB(50), INITRD_CHECK_NONE, INITRD_RAW },
		/* Plain SHA-256 makes each byte dear: what is small wins, and zstd stays. */
		{ "gzip, plain SHA", "gzip", MiB(50), INITRD_CHECK_SHA_PLAIN, INITRD_ZSTD },
		{ "xz, plain SHA", "xz", MiB(40), INITRD_CHECK_SHA_PLAIN, INITRD_ZSTD },
		{ "zstd, plain SHA", "zstd", MiB(50), INITRD_CHECK_SHA_PLAIN, INITRD_KEEP },
		/* Nothing to be had from a small one. */
		{ "small zstd", "zstd", MiB(1) / 2, INITRD_CHECK_CRC32C, INITRD_KEEP },
		{ "small gzip", "gzip", KiB(100), INITRD_CHECK_CRC32C, INITRD_KEEP },
		{ "small xz", "xz", KiB(100), INITRD_CHECK_CRC32C, INITRD_RAW },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct initrd_facts facts = facts_of(rows[i].codec, rows[i].packed);

		facts.check = rows[i].check;
		assert_form(rows[i].row, &facts, rows[i].form, false);
	}
}

/* The table of measured blackouts: 192 MB, zstd 51 MB; raw saved half of a 4.3 s jump. */
static void numbers_agree_with_what_was_measured(void **state)
{
	struct initrd_facts facts = facts_of("zstd", 50900000);
	struct initrd_choice choice;

	(void)state;
	facts.parts[0].unpacked = 192000000;
	choice = initrd_policy_choose(&facts);
	assert_int_equal(choice.form, INITRD_RAW);
	assert_in_range(choice.ns[INITRD_KEEP], 330000000, 400000000);
	assert_in_range(choice.ns[INITRD_RAW], 98000000, 150000000);
	facts.copies = 1;
	assert_in_range(initrd_policy_choose(&facts).ns[INITRD_RAW], 33000000, 80000000);
}

static void memory_sets_the_form(void **state)
{
	static const struct {
		const char *row;
		uint64_t available, spent, ram;
		unsigned holders;
		bool packers;
		enum initrd_form form;
	} rows[] = {
		/* About 184 MiB unpacked and 87 by lz4; a third of what is available holds it. */
		{ "plenty", GiB(2), 0, GiB(4), 2, true, INITRD_RAW },
		{ "a third", MiB(560), 0, GiB(4), 2, true, INITRD_RAW },
		{ "tried, as the size is a guess", MiB(300), 0, GiB(4), 2, true, INITRD_RAW },
		{ "too little for raw", MiB(270), 0, GiB(4), 2, true, INITRD_LZ4 },
		{ "too little for both", MiB(100), 0, GiB(4), 2, true, INITRD_ZSTD },
		{ "too little for all", MiB(60), 0, GiB(4), 2, true, INITRD_KEEP },
		{ "the call needs one more", MiB(300), 0, GiB(4), 4, true, INITRD_LZ4 },
		{ "spent by others", GiB(2), MiB(1250), GiB(4), 2, true, INITRD_LZ4 },
		{ "spent to the end", GiB(2), GiB(3), GiB(4), 2, true, INITRD_KEEP },
		{ "unknown", 0, 0, GiB(4), 2, true, INITRD_KEEP },
		{ "a small machine", GiB(2), 0, MiB(360), 2, true, INITRD_KEEP },
		{ "only raw is possible", MiB(270), 0, GiB(4), 2, false, INITRD_KEEP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct initrd_facts facts = facts_of("xz", MiB(40));

		facts.memory_available = rows[i].available;
		facts.memory_spent = rows[i].spent;
		facts.machine_ram = rows[i].ram;
		facts.holders = rows[i].holders;
		facts.unpacks_lz4 = facts.unpacks_zstd = rows[i].packers;
		assert_form(rows[i].row, &facts, rows[i].form, false);
	}
}

/* What is unpacked ahead takes as long as what the next kernel unpacks, where nothing serves meanwhile. */
static void in_an_outage_loading_counts(void **state)
{
	static const struct {
		const char *row, *codec;
		uint64_t packed;
		enum initrd_form form;
	} rows[] = {
		{ "gzip", "gzip", MiB(50), INITRD_KEEP },
		{ "zstd", "zstd", MiB(50), INITRD_KEEP },
		{ "xz", "xz", MiB(40), INITRD_KEEP },
		{ "lz4", "lz4-legacy", MiB(80), INITRD_KEEP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct initrd_facts facts = facts_of(rows[i].codec, rows[i].packed);
		uint64_t blackout = initrd_policy_choose(&facts).ns[INITRD_KEEP];

		facts.in_outage = true;
		assert_form(rows[i].row, &facts, rows[i].form, false);
		/* To load it as it is costs least, and is no longer free. */
		assert_true(initrd_policy_choose(&facts).ns[INITRD_KEEP] > blackout);
		facts.wish = INITRD_RAW;
		assert_form(rows[i].row, &facts, INITRD_RAW, false);
	}
}

/* Of what waits for the jump, only what makes it more is held against the wish. */
static void what_is_held_is_limited(void **state)
{
	static const struct {
		const char *row;
		uint64_t hold;
		enum initrd_form form;
	} rows[] = {
		{ "enough", MiB(200), INITRD_RAW },
		{ "for lz4 alone", MiB(100), INITRD_LZ4 },
		{ "for zstd alone, which is smaller than lz4", MiB(60), INITRD_ZSTD },
		{ "none, where zstd is no smaller", MiB(10), INITRD_KEEP },
		{ "none at all", 0, INITRD_KEEP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct initrd_facts facts = facts_of("xz", MiB(40));

		facts.parts[0].unpacked = MiB(184);
		facts.made[INITRD_LZ4] = MiB(85);
		facts.made[INITRD_ZSTD] = MiB(52);
		facts.is_held = true;
		facts.hold_left = rows[i].hold;
		assert_form(rows[i].row, &facts, rows[i].form, false);
	}
}

static void wishes(void **state)
{
	static const struct {
		const char *row, *codec;
		enum initrd_form wish;
		bool lz4, zstd;
		uint64_t available;
		enum initrd_form form;
		bool refused;
	} rows[] = {
		{ "keep", "xz", INITRD_KEEP, true, true, GiB(12), INITRD_KEEP, false },
		{ "raw", "gzip", INITRD_RAW, true, true, GiB(12), INITRD_RAW, false },
		{ "lz4", "gzip", INITRD_LZ4, true, true, GiB(12), INITRD_LZ4, false },
		{ "zstd", "gzip", INITRD_ZSTD, true, true, GiB(12), INITRD_ZSTD, false },
		{ "zstd of zstd", "zstd", INITRD_ZSTD, true, true, GiB(12), INITRD_KEEP, false },
		{ "no lz4 there", "gzip", INITRD_LZ4, false, true, GiB(12), INITRD_RAW, true },
		{ "no zstd there", "gzip", INITRD_ZSTD, true, false, GiB(12), INITRD_RAW, true },
		{ "no room", "gzip", INITRD_RAW, false, false, MiB(30), INITRD_KEEP, true },
		{ "no room for raw", "xz", INITRD_RAW, true, true, MiB(270), INITRD_LZ4, true },
		{ "unknown memory", "xz", INITRD_RAW, true, true, 0, INITRD_KEEP, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct initrd_facts facts = facts_of(rows[i].codec, MiB(40));

		facts.wish = rows[i].wish;
		facts.unpacks_lz4 = rows[i].lz4;
		facts.unpacks_zstd = rows[i].zstd;
		facts.memory_available = rows[i].available;
		assert_form(rows[i].row, &facts, rows[i].form, rows[i].refused);
	}
}

static void what_is_strange_stays(void **state)
{
	struct initrd_facts facts = facts_of("xz", MiB(40));

	(void)state;
	facts.understood = false;
	assert_form("auto", &facts, INITRD_KEEP, false);
	facts.wish = INITRD_RAW;
	assert_form("raw", &facts, INITRD_KEEP, true);
	facts.wish = INITRD_KEEP;
	assert_form("keep", &facts, INITRD_KEEP, false);
}

static void what_cannot_be_unpacked_here_stays(void **state)
{
	struct initrd_facts facts = facts_of("xz", MiB(40));

	(void)state;
	facts.lacks_codec = true;
	assert_form("auto", &facts, INITRD_KEEP, false);
	assert_string_equal(initrd_policy_choose(&facts).reason,
		"this build of Saut is without the library that unpacks it");
	facts.wish = INITRD_RAW;
	assert_form("raw", &facts, INITRD_KEEP, true);
}

static void nothing_compressed_in_it(void **state)
{
	struct initrd_facts facts = facts_of("xz", 0);

	(void)state;
	facts.part_count = 0;
	facts.plain = MiB(100);
	assert_form("auto", &facts, INITRD_KEEP, false);
	facts.wish = INITRD_RAW;
	assert_form("raw", &facts, INITRD_KEEP, false);
	facts.wish = INITRD_ZSTD;
	assert_form("zstd", &facts, INITRD_KEEP, true);
}

/* After a try: true sizes count instead of guesses, and a form beyond the limits is out. */
static void what_was_made_counts(void **state)
{
	struct initrd_facts facts = facts_of("xz", MiB(40));

	(void)state;
	facts.made[INITRD_RAW] = UINT64_MAX;
	assert_form("raw is too large", &facts, INITRD_LZ4, false);
	facts.made[INITRD_LZ4] = UINT64_MAX;
	assert_form("lz4 too", &facts, INITRD_ZSTD, false);
	facts.made[INITRD_ZSTD] = UINT64_MAX;
	assert_form("all are", &facts, INITRD_KEEP, false);

	/* Zeros that zstd packs to nothing: to copy and verify them costs more than to unpack. */
	facts = facts_of("zstd", MiB(1));
	facts.check = INITRD_CHECK_SHA_NI;
	facts.copies = 6;
	facts.parts[0].unpacked = facts.made[INITRD_RAW] = MiB(32);
	facts.unpacks_lz4 = false;
	assert_form("zeros", &facts, INITRD_KEEP, false);
}

/* A bomb is let grow by its own size, not by that of the machine. */
static void growth_is_limited(void **state)
{
	struct initrd_facts facts = facts_of("xz", MiB(10));
	struct initrd_choice choice;

	(void)state;
	facts.memory_available = facts.machine_ram = TiB(12);
	assert_int_equal(initrd_policy_choose(&facts).unpacked_max, MiB(320));
	facts.parts[0].packed = KiB(500);
	assert_int_equal(initrd_policy_choose(&facts).unpacked_max, MiB(64));
	facts.parts[0].packed = GiB(3);
	choice = initrd_policy_choose(&facts);
	assert_int_equal(choice.unpacked_max, GiB(4));
	facts.parts[0].packed = UINT64_MAX;
	choice = initrd_policy_choose(&facts);
	assert_int_equal(choice.form, INITRD_KEEP);
}

static void names(void **state)
{
	enum initrd_form form;

	(void)state;
	for (int i = 0; i < INITRD_FORMS; i++) {
		assert_true(initrd_form_by_name(initrd_form_name((enum initrd_form)i), &form));
		assert_int_equal(form, i);
	}
	assert_false(initrd_form_by_name("gzip", &form));
	assert_false(initrd_form_by_name("", &form));
	for (size_t i = 0; i < INITRD_CODEC_RATES; i++)
		assert_non_null(codec_by_name(initrd_codec_rates[i].name));
}

/* 100 MB unpacked, 42 by lz4: what is there already costs its reading, and what it is longer. */
static void what_is_kept_ready_counts(void **state)
{
	static const struct {
		const char *codec;
		uint64_t packed;
		enum initrd_form form;
	} rows[] = {
		{ "gzip", 30000000, INITRD_LZ4 },
		{ "xz", 20000000, INITRD_LZ4 },
		{ "zstd", 25000000, INITRD_LZ4 },
		{ "lz4-legacy", 42000000, INITRD_KEEP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct initrd_facts facts = facts_of(rows[i].codec, rows[i].packed);

		facts.in_outage = true;
		facts.parts[0].unpacked = 100000000;
		facts.ready_lz4 = 42000000;
		assert_form(rows[i].codec, &facts, rows[i].form, false);
		assert_int_equal(initrd_policy_size(&facts, INITRD_LZ4), 42000000);
		/* The next kernel has to unpack it. */
		facts.unpacks_lz4 = false;
		assert_int_not_equal(initrd_policy_choose(&facts).form, INITRD_LZ4);
		/* And it must be worth it. */
		facts.unpacks_lz4 = true;
		facts.ready_lz4 = GiB(2);
		assert_int_not_equal(initrd_policy_choose(&facts).form, INITRD_LZ4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_compression),
		CASE(numbers_agree_with_what_was_measured),
		CASE(memory_sets_the_form),
		CASE(in_an_outage_loading_counts),
		CASE(what_is_held_is_limited),
		CASE(wishes),
		CASE(what_is_strange_stays),
		CASE(what_cannot_be_unpacked_here_stays),
		CASE(nothing_compressed_in_it),
		CASE(what_was_made_counts),
		CASE(growth_is_limited),
		CASE(what_is_kept_ready_counts),
		CASE(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
