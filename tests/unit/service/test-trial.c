/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/trial.h"

static const struct trial sample = {
	.id = "0123456789abcdef",
	.state = TRIAL_REFUSED,
	.confirm = CONFIRM_MANUAL,
	.when = 1796000000,
	.boot_id = "boot-1",
	.release = "6.1.0",
	.entry = "Debian's \"stable\"",
	.kernel = "/boot/vmlinuz-6.12",
	.next_release = "6.12.0",
	.within = 300,
	.one_shot = "",
	.watchdog = "iTCO_wdt",
	.identity = "i6300ESB timer",
	.keep = "/dev/watchdog0",
	.strict = "yes",
	.up_boot_id = "boot-2",
	.after = 299,
	.reason = "it's $bad `x`",
};

static bool read_text(const char *text, struct arena *arena, struct trial *ret)
{
	struct table_source source = TABLE_SOURCE({ "var/lib/saut/trial", text });

	return trial_read(&source.source, TRIAL_FILE, arena, ret);
}

static void what_is_written_is_read(void **state)
{
	struct arena arena = { 0 };
	struct trial t;

	(void)state;
	assert_true(read_text(trial_text(&sample, &arena), &arena, &t));
	assert_int_equal(t.state, sample.state);
	assert_int_equal(t.confirm, sample.confirm);
	assert_int_equal(t.when, sample.when);
	assert_int_equal(t.within, sample.within);
	assert_int_equal(t.after, sample.after);
	assert_string_equal(t.id, sample.id);
	assert_string_equal(t.entry, sample.entry);
	assert_string_equal(t.watchdog, sample.watchdog);
	assert_string_equal(t.identity, sample.identity);
	assert_string_equal(t.keep, sample.keep);
	assert_string_equal(t.strict, sample.strict);
	assert_string_equal(t.up_boot_id, sample.up_boot_id);
	assert_string_equal(t.reason, sample.reason);
	arena_free(&arena);
}

static void damaged_ones_are_none(void **state)
{
	static const char *const texts[] = {
		"", "STATE=left\n", "\377\376\n",
		"STATE=magic\nCONFIRM=auto\nID=1\nBOOT_ID=1\nKERNEL=/k\nWHEN=1\nWITHIN=1\nAFTER=1\n",
		"STATE=left\nCONFIRM=auto\nID=\nBOOT_ID=1\nKERNEL=/k\nWHEN=1\nWITHIN=1\nAFTER=1\n",
		"STATE=left\nCONFIRM=auto\nID=1\nBOOT_ID=1\nKERNEL=/k\nWHEN=1\nWITHIN=x\nAFTER=1\n"
	};
	struct arena arena = { 0 };
	struct trial t;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct table_source source = TABLE_SOURCE({ "var/lib/saut/trial", texts[i] });
		struct error err;

		assert_false(read_text(texts[i], &arena, &t));
		assert_int_equal(
			trial_take(&source.source, TRIAL_FILE, &arena, &t, &err), IS_UNREADABLE);
	}
	arena_free(&arena);
}

static void what_cannot_be_read_is_not_none(void **state)
{
	struct arena arena = { 0 };
	struct table_source hidden = TABLE_SOURCE({ "var/lib/saut/trial", .is_unreadable = true });
	struct table_source none = TABLE_SOURCE({ "var/lib/saut/other", "" });
	struct error err;
	struct trial t;

	(void)state;
	assert_int_equal(trial_take(&hidden.source, TRIAL_FILE, &arena, &t, &err), IS_UNREADABLE);
	assert_int_equal(trial_take(&none.source, TRIAL_FILE, &arena, &t, &err), IS_ABSENT);
	arena_free(&arena);
}

/* A write that was cut off gives no trial that is not the written one. */
static void a_text_cut_anywhere_is_none_or_the_same(void **state)
{
	struct arena arena = { 0 };
	const char *text = trial_text(&sample, &arena);
	size_t n = strlen(text);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *cut = arena_string(&arena, (struct view){ (const uint8_t *)text, i });
		struct trial t;

		if (read_text(cut, &arena, &t)) {
			assert_string_equal(t.kernel, sample.kernel);
			assert_int_equal(t.state, sample.state);
		}
	}
	arena_free(&arena);
}

static void what_became_of_it(void **state)
{
	static const struct {
		enum trial_state state;
		enum trial_confirm confirm;
		const char *boot_id, *id, *release;
		enum answer by_kexec;
		enum trial_outcome outcome;
	} cases[] = {
		/* The boot that leaves. */
		{ TRIAL_LEFT, CONFIRM_AUTO, "boot-1", "", "6.1.0", ANSWER_NO, OUTCOME_AHEAD },
		/* The tried boot. */
		{ TRIAL_LEFT, CONFIRM_AUTO, "boot-2", "0123456789abcdef", "6.12.0", ANSWER_YES,
			OUTCOME_WAITING },
		{ TRIAL_UP, CONFIRM_AUTO, "boot-2", "0123456789abcdef", "6.12.0", ANSWER_UNKNOWN,
			OUTCOME_WAITING },
		{ TRIAL_REFUSED, CONFIRM_AUTO, "boot-2", "0123456789abcdef", "6.12.0", ANSWER_YES,
			OUTCOME_REFUSED },
		{ TRIAL_CONFIRMED, CONFIRM_AUTO, "boot-2", "0123456789abcdef", "6.12.0", ANSWER_YES,
			OUTCOME_CONFIRMED },
		/* A later boot, of the old kernel. */
		{ TRIAL_LEFT, CONFIRM_AUTO, "boot-3", "", "6.1.0", ANSWER_NO, OUTCOME_SILENT },
		{ TRIAL_UP, CONFIRM_AUTO, "boot-3", "", "6.1.0", ANSWER_NO, OUTCOME_LOST },
		{ TRIAL_REFUSED, CONFIRM_AUTO, "boot-3", "", "6.1.0", ANSWER_NO, OUTCOME_REFUSED },
		{ TRIAL_CONFIRMED, CONFIRM_AUTO, "boot-3", "", "6.1.0", ANSWER_NO,
			OUTCOME_CONFIRMED },
		{ TRIAL_FORGIVEN, CONFIRM_AUTO, "boot-3", "", "6.1.0", ANSWER_NO,
			OUTCOME_FORGIVEN },
		{ TRIAL_LEFT, CONFIRM_NOBODY, "boot-3", "", "6.1.0", ANSWER_NO, OUTCOME_UNKNOWN },
		/* What an earlier boot has found stays so, however this one has come. */
		{ TRIAL_SILENT, CONFIRM_AUTO, "boot-4", "", "6.1.0", ANSWER_YES, OUTCOME_SILENT },
		{ TRIAL_SILENT, CONFIRM_AUTO, "boot-4", "", "6.12.0", ANSWER_NO, OUTCOME_REDEEMED },
		/* Another trial's word. */
		{ TRIAL_LEFT, CONFIRM_AUTO, "boot-3", "other", "6.1.0", ANSWER_YES,
			OUTCOME_SILENT },
		/* The same kernel, through the firmware, and by kexec. */
		{ TRIAL_LEFT, CONFIRM_AUTO, "boot-3", "", "6.12.0", ANSWER_NO, OUTCOME_REDEEMED },
		{ TRIAL_REFUSED, CONFIRM_AUTO, "boot-3", "", "6.12.0", ANSWER_NO,
			OUTCOME_REDEEMED },
		{ TRIAL_LEFT, CONFIRM_AUTO, "boot-3", "", "6.12.0", ANSWER_YES, OUTCOME_SILENT },
		{ TRIAL_LEFT, CONFIRM_AUTO, "", "", "6.1.0", ANSWER_NO, OUTCOME_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct trial_now now = { cases[i].boot_id, cases[i].release, cases[i].id,
			cases[i].by_kexec };
		struct trial t = sample;

		t.state = cases[i].state;
		t.confirm = cases[i].confirm;
		assert_int_equal(trial_outcome(&t, &now), cases[i].outcome);
	}
}

/* The same release jumped to itself: that the old boot runs again proves nothing. */
static void a_kernel_does_not_redeem_itself_by_its_old_boot(void **state)
{
	const struct trial_now now = { "boot-3", "6.1.0", "", ANSWER_NO };
	struct trial t = sample;

	(void)state;
	t.next_release = "6.1.0";
	t.state = TRIAL_LEFT;
	assert_int_equal(trial_outcome(&t, &now), OUTCOME_SILENT);
}

static void failures_are_of_a_kernel(void **state)
{
	(void)state;
	assert_true(trial_has_failed(OUTCOME_REFUSED) && trial_has_failed(OUTCOME_SILENT) &&
		trial_has_failed(OUTCOME_LOST));
	assert_false(trial_has_failed(OUTCOME_CONFIRMED) || trial_has_failed(OUTCOME_REDEEMED) ||
		trial_has_failed(OUTCOME_UNKNOWN) || trial_has_failed(OUTCOME_WAITING));
	assert_true(trial_is_of(&sample, "/boot/vmlinuz-6.12", "6.12.0"));
	assert_true(trial_is_of(&sample, "/boot/vmlinuz-6.12", ""));
	assert_false(trial_is_of(&sample, "/boot/vmlinuz-6.12", "6.12.1"));
	assert_false(trial_is_of(&sample, "/boot/vmlinuz-6.1", "6.12.0"));
}

static void a_boot_knows_whose_trial_it_is(void **state)
{
	static const struct {
		const char *line, *id;
	} lines[] = {
		{ "root=/dev/sda1 quiet", "" },
		{ "root=/dev/sda1 saut.words=2 panic=10 saut.trial=abc\n", "abc" },
		{ "saut.trial=old saut.trial=new", "new" },
		{ "quiet -- saut.trial=abc", "" },
		{ "xsaut.trial=abc", "" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct table_source source = TABLE_SOURCE({ "proc/cmdline", lines[i].line },
			{ "saut/uname", "6.12.0 x86_64\n" },
			{ "proc/sys/kernel/random/boot_id", "b\n" });
		struct trial_now now = trial_now_read(&source.source, ANSWER_YES, &arena);

		assert_string_equal(now.id, lines[i].id);
		assert_string_equal(now.release, "6.12.0");
		assert_string_equal(now.boot_id, "b");
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(damaged_ones_are_none),
		CASE(what_cannot_be_read_is_not_none),
		CASE(a_text_cut_anywhere_is_none_or_the_same),
		CASE(what_became_of_it),
		CASE(a_kernel_does_not_redeem_itself_by_its_old_boot),
		CASE(failures_are_of_a_kernel),
		CASE(a_boot_knows_whose_trial_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
