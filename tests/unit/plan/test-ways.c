/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a refused load is told to try instead: on this machine, and not what was just tried. */
#include "arch/planned.h"

#include "base/fields.h"
#include "plan/ways.h"

static struct range crash_memory = { GiB(1), MiB(192) };

/* An ELF kernel's name and no more: what kexec_file_load of x86 does not take. */
static void as_elf(struct planned *p)
{
	p->image.format = IMAGE_ELF;
	p->image.name = "ELF kernel";
}

static bool make(struct planned *p)
{
	p->error = (struct error){ 0 };
	return plan_make(arch_find(p->machine.arch), &p->machine, &p->request, &p->arena, &p->plan,
		&p->error);
}

struct wanted {
	bool crash, elf, is_i386_without_lm;
	enum kexec_call call;
	enum answer load, file_load, secure_boot;
	enum lockdown lockdown;
	enum fault fault;
	const char *says, *never;
};

static void begin(struct planned *p, const struct wanted *w)
{
	planned_begin(p, "q35-5g");
	assert_true(planned_make(p));
	if (w->elf)
		as_elf(p);
	p->request.crash = w->crash;
	p->request.call = w->call;
	p->machine.crash = (struct ranges){ &crash_memory, 1 };
	p->machine.dump.unknown = "/sys/devices/system/cpu is not there";
	p->machine.kexec.load = w->load;
	p->machine.kexec.file_load = w->file_load;
	p->machine.kexec.lockdown = w->lockdown;
	p->machine.kexec.secure_boot = w->secure_boot;
	if (!w->is_i386_without_lm)
		return;
	p->machine.arch = ARCH_I386;
	p->machine.cpu.long_mode = ANSWER_NO;
}

static void close_and_hint(struct planned *p, char hint[static ERROR_HINT_MAX])
{
	ways_close(&(struct ways_grounds){ .arch = arch_find(p->machine.arch),
			   .machine = &p->machine,
			   .request = &p->request },
		&p->error);
	error_hint(&p->error, hint);
}

static void a_refused_plan_is_told_what_can_be_done(void **state)
{
	static const struct wanted cases[] = {
		/* -p -s: by the other call, where that is no circle */
		{ .crash = true,
			.elf = true,
			.call = CALL_FILE_LOAD,
			.fault = FAULT_FORMAT_REFUSED,
			.says = FIELD_KEXEC_SYSCALL },
		{ .crash = true,
			.elf = true,
			.call = CALL_FILE_LOAD,
			.load = ANSWER_NO,
			.fault = FAULT_FORMAT_REFUSED,
			.says = "bzImage",
			.never = "load with " FIELD_KEXEC_SYSCALL },
		{ .crash = true,
			.elf = true,
			.call = CALL_FILE_LOAD,
			.lockdown = LOCKDOWN_INTEGRITY,
			.fault = FAULT_FORMAT_REFUSED,
			.says = "bzImage",
			.never = "load with " FIELD_KEXEC_SYSCALL },
		{ .crash = true,
			.call = CALL_FILE_LOAD,
			.file_load = ANSWER_NO,
			.fault = FAULT_NO_SYSCALL,
			.says = "load with " FIELD_KEXEC_SYSCALL,
			.never = "load with " FIELD_KEXEC_FILE_SYSCALL },
		/* -p, by the only call that is there, and headers that cannot be made */
		{ .crash = true,
			.file_load = ANSWER_NO,
			.fault = FAULT_MACHINE_UNREADABLE,
			.says = "/proc",
			.never = "load with" },
		/* -s ELF */
		{ .elf = true,
			.call = CALL_FILE_LOAD,
			.fault = FAULT_FORMAT_REFUSED,
			.says = FIELD_KEXEC_SYSCALL },
		{ .elf = true,
			.call = CALL_FILE_LOAD,
			.load = ANSWER_NO,
			.fault = FAULT_FORMAT_REFUSED,
			.says = "bzImage",
			.never = "-c" },
		{ .elf = true,
			.call = CALL_FILE_LOAD,
			.lockdown = LOCKDOWN_INTEGRITY,
			.fault = FAULT_FORMAT_REFUSED,
			.says = "bzImage",
			.never = "-c" },
		/* ELF on a machine that is locked down: no signature helps */
		{ .elf = true,
			.lockdown = LOCKDOWN_INTEGRITY,
			.secure_boot = ANSWER_NO,
			.fault = FAULT_LOCKDOWN,
			.says = "without lockdown=",
			.never = "-s" },
		{ .elf = true,
			.lockdown = LOCKDOWN_INTEGRITY,
			.secure_boot = ANSWER_YES,
			.fault = FAULT_LOCKDOWN,
			.says = "Secure Boot",
			.never = "lockdown=" },
		{ .elf = true,
			.load = ANSWER_NO,
			.fault = FAULT_NO_SYSCALL,
			.says = "boot a kernel",
			.never = "load with" },
		{ .is_i386_without_lm = true,
			.fault = FAULT_IMAGE_OTHER_ARCH,
			.says = "built for this CPU" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct wanted *w = &cases[i];
		char hint[ERROR_HINT_MAX];
		struct planned p;

		begin(&p, w);
		if (make(&p) || p.error.fault != w->fault)
			fail_msg("case %zu: fault %d, \"%s\"", i, p.error.fault, p.error.reason);
		close_and_hint(&p, hint);
		if (!strstr(hint, w->says) || (w->never && strstr(hint, w->never)))
			fail_msg("case %zu: \"%s\"", i, hint);
		arena_free(&p.arena);
	}
}

/* What the hint names, if it names a call. */
static enum kexec_call named_in(const char *hint)
{
	if (strstr(hint, "load with " FIELD_KEXEC_FILE_SYSCALL))
		return CALL_FILE_LOAD;
	return strstr(hint, "load with " FIELD_KEXEC_SYSCALL) ? CALL_LOAD : CALL_AUTO;
}

/* Follows the hints of a crash kernel's refusals: none leads to what was refused before. */
static void follow(const struct wanted *from)
{
	bool seen[CALL_FILE_LOAD + 1] = { false };
	struct wanted w = *from;

	for (;;) {
		char hint[ERROR_HINT_MAX];
		struct planned p;
		bool done;

		if (seen[w.call])
			fail_msg(
				"in a circle: elf %d, call %d, load %d, file_load %d, lockdown %d, "
				"secure_boot %d",
				from->elf, from->call, from->load, from->file_load, from->lockdown,
				from->secure_boot);
		seen[w.call] = true;
		begin(&p, &w);
		done = make(&p);
		if (!done)
			close_and_hint(&p, hint);
		else if (w.call == CALL_AUTO && w.lockdown >= LOCKDOWN_INTEGRITY)
			assert_true(p.plan.call == CALL_FILE_LOAD &&
				strstr(p.plan.call_reason, "locked down"));
		else if (w.call == CALL_AUTO && w.secure_boot == ANSWER_YES &&
			w.file_load != ANSWER_NO)
			assert_int_equal(p.plan.call, CALL_FILE_LOAD);
		arena_free(&p.arena);
		w.call = done ? CALL_AUTO : named_in(hint);
		if (done || w.call == CALL_AUTO)
			return;
		/* It is no way out where it is known to be closed. */
		assert_false(w.call == CALL_LOAD &&
			(w.load == ANSWER_NO || w.lockdown >= LOCKDOWN_INTEGRITY));
		assert_false(w.call == CALL_FILE_LOAD && w.file_load == ANSWER_NO);
	}
}

static void no_hint_for_a_crash_kernel_leads_in_a_circle(void **state)
{
	static const enum answer answers[] = { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };
	struct wanted w = { .crash = true };

	(void)state;
	for (unsigned i = 0; i < 2 * 3 * 3 * 3 * 3 * 3; i++) {
		unsigned rest = i / 2;

		w.elf = i % 2;
		w.call = (enum kexec_call)(rest % 3);
		w.load = answers[rest / 3 % 3];
		w.file_load = answers[rest / 9 % 3];
		w.lockdown = (enum lockdown)(rest / 27 % 3 + LOCKDOWN_NONE);
		w.secure_boot = answers[rest / 81 % 3];
		follow(&w);
	}
}

/* The running kernel's refusal, by each call where both were tried. */
static void what_was_tried_is_not_told(void **state)
{
	static const struct {
		bool tried_load, tried_file_load;
		const char *says, *never, *nor;
	} cases[] = {
		{ true, false, FIELD_KEXEC_FILE_SYSCALL, FIELD_KEXEC_SYSCALL, FIELD_LIMITS },
		{ false, true, FIELD_KEXEC_SYSCALL, FIELD_KEXEC_FILE_SYSCALL, FIELD_LIMITS },
		{ true, true, "dmesg", FIELD_KEXEC_SYSCALL, FIELD_KEXEC_FILE_SYSCALL },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	assert_true(planned_make(&p));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char hint[ERROR_HINT_MAX];

		p.error = (struct error){ .fault = FAULT_KERNEL_INVALID };
		ways_close(&(struct ways_grounds){ .arch = arch_find(p.machine.arch),
				   .machine = &p.machine,
				   .request = &p.request,
				   .tried_load = cases[i].tried_load,
				   .tried_file_load = cases[i].tried_file_load },
			&p.error);
		error_hint(&p.error, hint);
		assert_non_null(strstr(hint, cases[i].says));
		assert_null(strstr(hint, cases[i].never));
		assert_null(strstr(hint, cases[i].nor));
	}
	arena_free(&p.arena);
}

/* Neither call is of use where the machine takes no kernel by any. */
static void where_nothing_can_be_loaded_no_call_is_told(void **state)
{
	struct planned p;
	char hint[ERROR_HINT_MAX];

	(void)state;
	for (int i = 0; i < 4; i++) {
		planned_begin(&p, "q35-1g");
		p.request.call = CALL_AUTO;
		assert_true(planned_make(&p));
		p.error = (struct error){ .fault = FAULT_KERNEL_INVALID };
		p.machine.kexec.disabled = i == 0 ? ANSWER_YES : ANSWER_NO;
		p.machine.kexec.may_boot = i == 1 ? ANSWER_NO : ANSWER_YES;
		p.machine.kexec.tdx_partial_writes = i == 2;
		p.machine.kexec.cpus_stick = i == 3 ? "spin-table" : NULL;
		close_and_hint(&p, hint);
		assert_null(strstr(hint, FIELD_KEXEC_SYSCALL));
		assert_null(strstr(hint, FIELD_KEXEC_FILE_SYSCALL));
		arena_free(&p.arena);
	}
}

/* Where sessions are open, only the refusal that tells of them offers the call by which they are lost. */
static void what_is_kept_is_not_lost_by_a_hint(void **state)
{
	static const enum fault faults[] = { FAULT_ADDRESS_UNAVAILABLE, FAULT_KEPT_STATE };
	struct planned p;
	char hint[ERROR_HINT_MAX];

	(void)state;
	for (int i = 0; i < 8; i++) {
		enum live_update kept = i / 2 % 2 ? LIVE_UPDATE_OPEN : LIVE_UPDATE_NONE;
		bool crash = i / 4 % 2;

		planned_begin(&p, "q35-1g");
		assert_true(planned_make(&p));
		p.request.crash = crash;
		p.request.call = CALL_FILE_LOAD;
		p.machine.live_update = (struct live_update_facts){ kept, "1" };
		p.error = (struct error){ .fault = faults[i % 2] };
		close_and_hint(&p, hint);
		assert_int_equal(strstr(hint, "load with " FIELD_KEXEC_SYSCALL) != NULL,
			kept == LIVE_UPDATE_NONE || crash || faults[i % 2] == FAULT_KEPT_STATE);
		arena_free(&p.arena);
	}
}

static void limits_are_told_where_they_were_given(void **state)
{
	struct planned p;
	char hint[ERROR_HINT_MAX];

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.limits = range_between(0, MiB(8));
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_MEMORY);
	close_and_hint(&p, hint);
	assert_non_null(strstr(hint, FIELD_LIMITS));
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_refused_plan_is_told_what_can_be_done),
		CASE(no_hint_for_a_crash_kernel_leads_in_a_circle),
		CASE(what_was_tried_is_not_told),
		CASE(where_nothing_can_be_loaded_no_call_is_told),
		CASE(what_is_kept_is_not_lost_by_a_hint),
		CASE(limits_are_told_where_they_were_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
