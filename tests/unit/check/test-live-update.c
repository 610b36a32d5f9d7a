/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static void begin(struct checked *c, enum live_update state, enum kexec_call call)
{
	checked_captured(c, "q35-1g");
	c->machine.live_update = (struct live_update_facts){ .state = state, .holder = "3" };
	c->plan.call = call;
	c->subject.plan = &c->plan;
}

static void passes_where_nothing_is_kept(void **state)
{
	(void)state;
	assert_captured(check_live_update, "q35-1g", CHECK_PASS, "no process keeps");
}

static void notes_what_the_kernel_keeps(void **state)
{
	const struct table_source kho = TABLE_SOURCE({ "saut/uname", "7.2.1 x86_64\n", 0, false },
		{ "sys/kernel/debug/kho/out/sub_fdts/memblock", "x", 0, false },
		{ "sys/kernel/debug/kho/out/sub_fdts/other", "x", 0, false });
	struct checked c;

	(void)state;
	checked_made(&c, &kho);
	assert_finding(check_live_update(&c.subject), CHECK_PASS, "no process keeps");
	c.plan.call = CALL_LOAD;
	c.subject.plan = &c.plan;
	assert_finding(check_live_update(&c.subject), CHECK_NOTE, "(memblock, other)");
	c.plan.call = CALL_FILE_LOAD;
	assert_finding(check_live_update(&c.subject), CHECK_PASS, "no process keeps");
	checked_free(&c);
}

static void notes_what_may_be_kept_later(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, LIVE_UPDATE_NONE, CALL_LOAD);
	c.machine.kexec.live_update = ANSWER_YES;
	assert_finding(check_live_update(&c.subject), CHECK_NOTE, "from now on");
	c.plan.call = CALL_FILE_LOAD;
	assert_finding(check_live_update(&c.subject), CHECK_PASS, "no process keeps");
	checked_free(&c);
}

static void notes_what_is_handed_over(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, LIVE_UPDATE_OPEN, CALL_FILE_LOAD);
	assert_finding(check_live_update(&c.subject), CHECK_NOTE,
		"process 3 has a live-update session open: ");
	checked_free(&c);
}

static void fails_where_it_would_be_lost(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, LIVE_UPDATE_OPEN, CALL_LOAD);
	assert_finding(check_live_update(&c.subject), CHECK_FAIL, "hands over nothing");
	c.subject.plan = NULL;
	assert_finding(check_live_update(&c.subject), CHECK_UNKNOWN, "nothing is planned");
	fail(&c.error, FAULT_KEPT_STATE, "kept");
	c.subject.refused = &c.error;
	assert_finding(check_live_update(&c.subject), CHECK_FAIL, "hands over nothing");
	checked_free(&c);
}

static void does_not_know_what_was_not_seen(void **state)
{
	struct checked c;

	(void)state;
	begin(&c, LIVE_UPDATE_UNSEEN, CALL_LOAD);
	assert_finding(check_live_update(&c.subject), CHECK_UNKNOWN, "could not be looked at");
	c.subject.machine = NULL;
	assert_finding(check_live_update(&c.subject), CHECK_UNKNOWN, "could not be read");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_where_nothing_is_kept),
		CASE(notes_what_the_kernel_keeps),
		CASE(notes_what_may_be_kept_later),
		CASE(notes_what_is_handed_over),
		CASE(fails_where_it_would_be_lost),
		CASE(does_not_know_what_was_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
