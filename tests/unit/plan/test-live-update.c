/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which system call, where processes keep something for the next kernel or may do so yet. */
#include "arch/planned.h"

#include <errno.h>

#include "base/fields.h"

/* What they keep is handed over by kexec_file_load alone. */
static void open_sessions_are_not_lost(void **state)
{
	struct planned p;
	enum kexec_call other;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	p.machine.live_update = (struct live_update_facts){ LIVE_UPDATE_OPEN, "812" };
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "live-update sessions"));
	assert_false(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	p.machine.live_update.state = LIVE_UPDATE_UNSEEN;
	assert_false(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	p.machine.live_update.state = LIVE_UPDATE_NONE;
	assert_true(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));

	/* Asked for, it is done and said. */
	p.machine.live_update.state = LIVE_UPDATE_OPEN;
	p.request.call = CALL_LOAD;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	assert_non_null(strstr(p.plan.notes.items[p.plan.notes.count - 1],
		"process 812 has a live-update session open"));

	p.machine.live_update.state = LIVE_UPDATE_UNSEEN;
	assert_true(planned_make(&p));
	assert_non_null(strstr(p.plan.notes.items[p.plan.notes.count - 1], "could not be seen"));
	p.machine.live_update.state = LIVE_UPDATE_OPEN;

	/* A device tree of the user's is not. */
	p.request.call = CALL_AUTO;
	p.request.device_tree.bytes = (struct view){ (const uint8_t *)"tree", 4 };
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_KEPT_STATE);
	assert_reason(p.error, "process 812 has a live-update session open");
	arena_free(&p.arena);
}

static size_t notes_with(const struct planned *p, const char *text)
{
	size_t count = 0;

	for (size_t i = 0; i < p->plan.notes.count; i++)
		count += strstr(p->plan.notes.items[i], text) != NULL;
	return count;
}

static enum kexec_call call_of(const struct planned *p)
{
	return plan_choose_call(arch_find(p->machine.arch), &p->machine, &p->request);
}

/* Where the running kernel lets processes keep something, they may do so after the load. */
static void what_may_be_kept_later_is_not_lost(void **state)
{
	const struct recipe recipe = { 0 };
	struct planned p;
	enum kexec_call other;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	p.machine.kexec.load = p.machine.kexec.file_load = ANSWER_YES;
	p.machine.kexec.live_update = ANSWER_YES;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "may still keep"));
	assert_int_equal(notes_with(&p, "/dev/liveupdate"), 0);
	assert_true(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	assert_int_equal(other, CALL_LOAD);
	assert_true(plan_fall_back(&p.plan, &p.machine, EADDRNOTAVAIL, &other));

	/* What only the other call does goes first, and that is said but to whom has named it. */
	p.request.limits = range_between(0, GiB(4));
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	assert_int_equal(notes_with(&p, "/dev/liveupdate"), 1);
	p.request.call = CALL_LOAD;
	assert_true(planned_make(&p));
	assert_int_equal(notes_with(&p, "/dev/liveupdate"), 0);

	p.request.call = CALL_AUTO;
	p.request.limits = range_between(0, PHYS_MAX);
	p.request.recipe = &recipe;
	assert_int_equal(call_of(&p), CALL_LOAD);
	p.request.recipe_may_miss = true;
	assert_int_equal(call_of(&p), CALL_FILE_LOAD);

	/* A crash kernel is handed nothing. */
	p.request.crash = true;
	p.plan.call = CALL_FILE_LOAD;
	assert_true(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	assert_false(plan_fall_back(&p.plan, &p.machine, EADDRNOTAVAIL, &other));
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(open_sessions_are_not_lost),
		CASE(what_may_be_kept_later_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
