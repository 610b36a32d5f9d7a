/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table-source.h"
#include "test.h"

#include "machine/facts.h"

static enum live_update capture(struct table_source files, bool has_links, const char *holder)
{
	struct arena arena = { 0 };
	struct live_update_facts facts;

	if (has_links)
		files.source.link = table_link;
	facts = live_update_capture(&files.source, &arena);
	assert_int_equal(facts.holder != NULL, holder != NULL);
	if (holder)
		assert_string_equal(facts.holder, holder);
	arena_free(&arena);
	return facts.state;
}

#define DEVICE { "sys/class/misc/liveupdate/dev", "10:258\n", 0, false }

static void is_none_without_the_device(void **state)
{
	const struct table_source files =
		TABLE_SOURCE({ "proc/1/fd/3", "anon_inode:[luo_session] x", 0, false });

	(void)state;
	assert_int_equal(capture(files, true, NULL), LIVE_UPDATE_NONE);
}

static void names_a_process_that_has_one(void **state)
{
	const struct table_source two =
		TABLE_SOURCE(DEVICE, { "proc/1/fd/0", "/dev/null", 0, false },
			{ "proc/12/fd/3", "anon_inode:[luo_session] one", 0, false },
			{ "proc/77/fd/9", "anon_inode:[luo_session] two", 0, false },
			{ "proc/self/fd/9", "anon_inode:[luo_session] two", 0, false });
	const struct table_source none =
		TABLE_SOURCE(DEVICE, { "proc/1/fd/0", "/dev/null", 0, false },
			{ "proc/1/fd/3", "anon_inode:[eventpoll]", 0, false });

	(void)state;
	assert_int_equal(capture(two, true, "12"), LIVE_UPDATE_OPEN);
	assert_int_equal(capture(none, true, NULL), LIVE_UPDATE_NONE);
}

static void does_not_take_unseen_for_none(void **state)
{
	const struct table_source denied = TABLE_SOURCE(DEVICE,
		{ "proc/1/fd/0", "/dev/null", 0, false }, { "proc/2/fd", .is_unreadable = true });
	const struct table_source one = TABLE_SOURCE(DEVICE,
		{ "proc/1/fd/0", "/dev/null", 0, false }, { "proc/1/fd/1", .is_unreadable = true });

	(void)state;
	assert_int_equal(capture(denied, true, NULL), LIVE_UPDATE_UNSEEN);
	assert_int_equal(capture(one, true, NULL), LIVE_UPDATE_UNSEEN);
	assert_int_equal(capture(one, false, NULL), LIVE_UPDATE_UNSEEN);
	assert_int_equal(
		capture(TABLE_SOURCE({ "sys/class/misc/liveupdate/dev", .is_unreadable = true }),
			true, NULL),
		LIVE_UPDATE_UNSEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(is_none_without_the_device),
		CASE(names_a_process_that_has_one),
		CASE(does_not_take_unseen_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
