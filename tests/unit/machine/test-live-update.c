/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table-source.h"
#include "test.h"

#include "machine/facts.h"

static struct live_update_facts capture(struct table_source files, bool has_links)
{
	struct arena arena = { 0 };
	struct live_update_facts facts;

	if (has_links)
		files.source.link = table_link;
	facts = live_update_capture(&files.source, &arena);
	arena_free(&arena);
	return facts;
}

#define DEVICE { "sys/class/misc/liveupdate/dev", "10:258\n", 0, false }

static void is_none_without_the_device(void **state)
{
	struct live_update_facts facts = capture(
		TABLE_SOURCE({ "proc/1/fd/3", "anon_inode:[luo_session] x", 0, false }), true);

	(void)state;
	assert_int_equal(facts.state, LIVE_UPDATE_NONE);
}

static void counts_sessions_of_all_processes(void **state)
{
	struct live_update_facts facts =
		capture(TABLE_SOURCE(DEVICE, { "proc/1/fd/0", "/dev/null", 0, false },
				{ "proc/1/fd/3", "anon_inode:[luo_session] one", 0, false },
				{ "proc/77/fd/9", "anon_inode:[luo_session] two", 0, false },
				{ "proc/self/fd/9", "anon_inode:[luo_session] two", 0, false }),
			true);

	(void)state;
	assert_int_equal(facts.state, LIVE_UPDATE_OPEN);
	assert_int_equal(facts.sessions, 2);
	facts = capture(TABLE_SOURCE(DEVICE, { "proc/1/fd/0", "/dev/null", 0, false },
				{ "proc/1/fd/3", "anon_inode:[eventpoll]", 0, false }),
		true);
	assert_int_equal(facts.state, LIVE_UPDATE_NONE);
}

static void does_not_take_unseen_for_none(void **state)
{
	const struct table_source denied = TABLE_SOURCE(DEVICE,
		{ "proc/1/fd/0", "/dev/null", 0, false }, { "proc/2/fd", .is_unreadable = true });
	const struct table_source one = TABLE_SOURCE(DEVICE,
		{ "proc/1/fd/0", "/dev/null", 0, false }, { "proc/1/fd/1", .is_unreadable = true });

	(void)state;
	assert_int_equal(capture(denied, true).state, LIVE_UPDATE_UNSEEN);
	assert_int_equal(capture(one, true).state, LIVE_UPDATE_UNSEEN);
	assert_int_equal(capture(one, false).state, LIVE_UPDATE_UNSEEN);
	assert_int_equal(
		capture(TABLE_SOURCE({ "sys/class/misc/liveupdate/dev", .is_unreadable = true }),
			true)
			.state,
		LIVE_UPDATE_UNSEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(is_none_without_the_device),
		CASE(counts_sessions_of_all_processes),
		CASE(does_not_take_unseen_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
