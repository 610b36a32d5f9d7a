/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reaches the kernel, seen by a fake that remembers its arguments and answers as told. */
#include "test.h"

#include <errno.h>

#include "sys/kexec.h"

static struct {
	int load_errno, file_load_errno, jump_errno; /* 0: it succeeds */
	unsigned loads, file_loads, jumps;
	unsigned long entry, count, flags, size;
	struct kexec_segment segments[PLAN_SEGMENTS_MAX];
	int kernel_fd, initrd_fd;
	const char *command_line;
	unsigned busy, waits; /* calls that end with EBUSY before any other answer */
} fake;

static long answer(int errnum)
{
	if (fake.busy) {
		fake.busy--;
		errnum = EBUSY;
	}
	errno = errnum;
	return errnum ? -1 : 0;
}

static long fake_load(unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	fake.loads++;
	fake.entry = entry;
	fake.count = count;
	fake.flags = flags;
	for (unsigned long i = 0; i < count; i++)
		fake.segments[i] = segments[i];
	return answer(fake.load_errno);
}

static long fake_file_load(int kernel_fd, int initrd_fd, unsigned long size,
	const char *command_line, unsigned long flags)
{
	fake.file_loads++;
	fake.kernel_fd = kernel_fd;
	fake.initrd_fd = initrd_fd;
	fake.size = size;
	fake.command_line = command_line;
	fake.flags = flags;
	return answer(fake.file_load_errno);
}

static long fake_jump(void)
{
	fake.jumps++;
	return answer(fake.jump_errno);
}

static bool fake_wait(unsigned tries)
{
	fake.waits++;
	return tries < 5;
}

static const struct kexec_calls calls = { fake_load, fake_file_load, fake_jump, fake_wait, NULL };

static const struct kexec_ability ability = {
	.may_boot = ANSWER_YES,
	.load_limit_reboot = -1,
	.load_limit_panic = -1,
};

static const struct request normal = { .command_line = "" };

static int forget(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof fake);
	return 0;
}

static void segments_are_handed_over_as_planned(void **state)
{
	static const uint8_t bytes[100];
	const struct plan plan = {
		.call = CALL_LOAD,
		.request = &normal,
		.kexec_arch = 62 << 16,
		.entry = 0x101400,
		.segments = {
			{ .name = "kernel", .data = { bytes, 100 }, .mem = { 0x1000000, 0x1000 } },
			{ .name = "stub", .data = { bytes, 7 }, .mem = { 0x100000, 0x4000 } },
		},
		.segment_count = 2,
	};
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_load_plan(&calls, &plan, &ability, &err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.entry, 0x101400);
	assert_int_equal(fake.count, 2);
	assert_int_equal(fake.flags, 62 << 16);
	assert_ptr_equal(fake.segments[0].buf, bytes);
	assert_int_equal(fake.segments[0].bufsz, 100);
	assert_int_equal((uintptr_t)fake.segments[0].mem, 0x1000000);
	assert_int_equal(fake.segments[0].memsz, 0x1000);
	assert_int_equal((uintptr_t)fake.segments[1].mem, 0x100000);
}

static void files_are_handed_over_with_the_command_line(void **state)
{
	const struct input initrd = { .fd = 8 };
	const struct request request = { .kernel = { .fd = 7 },
		.initrds = &initrd,
		.initrd_count = 1,
		.command_line = "quiet" };
	const struct plan plan = { .call = CALL_FILE_LOAD, .request = &request };
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_load_plan(&calls, &plan, &ability, &err));
	assert_int_equal(fake.kernel_fd, 7);
	assert_int_equal(fake.initrd_fd, 8);
	assert_string_equal(fake.command_line, "quiet");
	assert_int_equal(fake.size, sizeof "quiet");
	assert_int_equal(fake.flags, 0);
}

static void no_initrd_is_said_by_a_flag(void **state)
{
	const struct request request = { .kernel = { .fd = 7 }, .command_line = "" };
	const struct plan plan = { .call = CALL_FILE_LOAD, .request = &request };
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_load_plan(&calls, &plan, &ability, &err));
	assert_int_equal(fake.initrd_fd, -1);
	assert_int_equal(fake.flags, 4);
	assert_int_equal(fake.size, 1);
}

static void crash_kernels_are_said_by_a_flag(void **state)
{
	const struct input initrd = { .fd = 8 };
	const struct request request = { .kernel = { .fd = 7 },
		.initrds = &initrd,
		.initrd_count = 1,
		.command_line = "",
		.crash = true };
	const struct plan plan = { .call = CALL_FILE_LOAD, .request = &request };
	const struct plan segments = {
		.call = CALL_LOAD, .request = &request, .kexec_arch = 62 << 16
	};
	const struct plan updated = {
		.call = CALL_LOAD, .request = &request, .kexec_arch = 62 << 16, .updates_core = true
	};
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_load_plan(&calls, &plan, &ability, &err));
	assert_int_equal(fake.flags, 2);
	assert_true(kexec_load_plan(&calls, &segments, &ability, &err));
	assert_int_equal(fake.flags, 62 << 16 | 1);
	assert_true(kexec_load_plan(&calls, &updated, &ability, &err));
	assert_int_equal(fake.flags, 62 << 16 | 1 | 4);
	assert_true(kexec_unload(&calls, true, &ability, &err));
	assert_int_equal(fake.flags, 3);
	fake.file_load_errno = ENOSYS;
	assert_true(kexec_unload(&calls, true, &ability, &err));
	assert_int_equal(fake.flags, 1);
}

/* A kernel of before it refuses the flag, and takes no such memory anyway. */
static void a_flag_that_is_not_known_is_left_out(void **state)
{
	const struct request request = { .kernel = { .fd = 7 }, .command_line = "" };
	const struct plan plan = { .call = CALL_FILE_LOAD, .request = &request, .no_cma = true };
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_load_plan(&calls, &plan, &ability, &err));
	assert_int_equal(fake.flags, 4 | 0x10);
	fake.file_load_errno = EINVAL;
	assert_false(kexec_load_plan(&calls, &plan, &ability, &err));
	assert_int_equal(fake.file_loads, 3);
	assert_int_equal(fake.flags, 4);
}

static void unload_asks_by_file_first(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_unload(&calls, false, &ability, &err));
	assert_int_equal(fake.file_loads, 1);
	assert_int_equal(fake.flags, 1);
	assert_int_equal(fake.loads, 0);
}

static void unload_falls_back_only_where_the_call_is_missing(void **state)
{
	struct error err = { 0 };

	(void)state;
	fake.file_load_errno = ENOSYS;
	assert_true(kexec_unload(&calls, false, &ability, &err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.count, 0);

	fake.file_load_errno = EPERM;
	fake.loads = 0;
	assert_false(kexec_unload(&calls, false, &ability, &err));
	assert_int_equal(fake.loads, 0);
	assert_int_equal(fault_class(err.fault), CLASS_PERMISSION);
}

static void no_hint_tells_to_load_what_is_to_be_forgotten_or_jumped_to(void **state)
{
	char hint[ERROR_HINT_MAX];
	struct error err = { 0 };

	(void)state;
	fake.file_load_errno = fake.jump_errno = EPERM;
	assert_false(kexec_unload(&calls, false, &ability, &err));
	error_hint(&err, hint);
	assert_null(strstr(hint, "load with"));
	assert_non_null(strstr(hint, "securityfs"));
	err = (struct error){ 0 };
	assert_false(kexec_jump(&calls, &ability, &err));
	error_hint(&err, hint);
	assert_null(strstr(hint, "load with"));
}

static void jumping_without_a_kernel_says_so(void **state)
{
	struct error err = { 0 };

	(void)state;
	fake.jump_errno = EINVAL;
	assert_false(kexec_jump(&calls, &ability, &err));
	assert_int_equal(fake.jumps, 1);
	assert_int_equal(err.fault, FAULT_NOTHING_LOADED);
	/* By which the command tells it from what was seen before. */
	assert_int_equal(err.errnum, EINVAL);
}

static void a_kernel_without_calls_is_told_so(void **state)
{
	static const struct kexec_ability none = { .load = ANSWER_NO, .file_load = ANSWER_NO },
					  one = { .load = ANSWER_NO, .file_load = ANSWER_YES },
					  unknown = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_require(&unknown, &err));
	assert_true(kexec_require(&one, &err));
	assert_false(kexec_require(&none, &err));
	assert_int_equal(err.fault, FAULT_NO_KEXEC);
	assert_null(strstr(fault_hint(err.fault), "-c"));
	fake.file_load_errno = fake.load_errno = ENOSYS;
	err = (struct error){ 0 };
	assert_false(kexec_unload(&calls, false, &ability, &err));
	assert_int_equal(err.fault, FAULT_NO_KEXEC);
}

/* Under PV the load itself would crash the running kernel. */
static void nothing_is_tried_where_xen_has_the_machine(void **state)
{
	static const struct kexec_ability owned[] = {
		{ .load = ANSWER_YES, .xen = { .kind = XEN_PV_GUEST } },
		{ .load = ANSWER_YES, .xen = { .kind = XEN_PV_UNKNOWN, .why = "/sys is hidden" } },
	};
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
		err = (struct error){ 0 };
		assert_false(kexec_require(&owned[i], &err));
		assert_int_equal(err.fault, FAULT_XEN_PV);
		assert_non_null(strstr(err.reason, "paravirtualised by Xen (PV)"));
	}
	assert_non_null(strstr(err.reason, "/sys is hidden"));
}

static const struct kexec_ability dom0 = {
	.load = ANSWER_NO,
	.file_load = ANSWER_NO,
	.may_boot = ANSWER_YES,
	.load_limit_reboot = -1,
	.load_limit_panic = -1,
	.xen = { .kind = XEN_PV_DOM0 },
};

static long linux_load(unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	(void)entry, (void)count, (void)segments, (void)flags;
	fail_msg("the running kernel would have crashed");
	return -1;
}

static long linux_file_load(int kernel_fd, int initrd_fd, unsigned long size,
	const char *command_line, unsigned long flags)
{
	(void)kernel_fd, (void)initrd_fd, (void)size, (void)command_line, (void)flags;
	fail_msg("the running kernel would have crashed");
	return -1;
}

static long linux_jump(void)
{
	fail_msg("the running kernel has nothing to jump into");
	return -1;
}

/* The fake plays Xen; it has no file_load. */
static const struct kexec_calls under_xen = { linux_load, linux_file_load, linux_jump, NULL,
	&calls };

static void a_dom0_asks_xen_for_all_of_it(void **state)
{
	static const uint8_t bytes[100];
	const struct plan plan = {
		.call = CALL_LOAD,
		.request = &normal,
		.kexec_arch = 62 << 16,
		.entry = 0x101400,
		.segments = { { .name = "stub",
			.data = { bytes, 7 },
			.mem = { 0x100000, 0x4000 } } },
		.segment_count = 1,
	};
	struct error err = { 0 };

	(void)state;
	assert_true(kexec_require(&dom0, &err));
	assert_true(kexec_load_plan(&under_xen, &plan, &dom0, &err));
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.entry, 0x101400);
	assert_int_equal(fake.flags, 62 << 16);
	fake.file_load_errno = ENOSYS;
	assert_true(kexec_unload(&under_xen, false, &dom0, &err));
	assert_int_equal(fake.loads, 2);
	assert_int_equal(fake.count, 0);
	fake.jump_errno = EINVAL;
	assert_false(kexec_jump(&under_xen, &dom0, &err));
	assert_int_equal(fake.jumps, 1);
	assert_int_equal(err.fault, FAULT_NOTHING_LOADED);
	assert_non_null(strstr(err.reason, "KEXEC_CMD_kexec"));
}

static void what_xen_refuses_is_said_of_xen(void **state)
{
	static const struct {
		int errnum;
		enum fault fault;
		const char *text;
	} rows[] = {
		{ ENOMEM, FAULT_XEN_MEMORY, "Xen, or this domain" },
		{ ENOSYS, FAULT_XEN_PV, "built without kexec" },
		{ EOPNOTSUPP, FAULT_XEN_PV, "before 4.4" },
		{ EINVAL, FAULT_KERNEL_INVALID, "Xen rejects" },
		{ EBUSY, FAULT_KERNEL_BUSY, "Xen is already jumping" },
		{ ENOENT, FAULT_XEN_SILENT, "no device" },
		{ ENODEV, FAULT_XEN_SILENT, "no device" },
		{ EFAULT, FAULT_KERNEL_OTHER, "KEXEC_CMD_kexec_load" },
		{ EPERM, FAULT_LOCKDOWN_UNSEEN, "forbids it" },
	};
	const struct plan plan = { .call = CALL_LOAD, .request = &normal };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		err = (struct error){ 0 };
		fake.load_errno = rows[i].errnum;
		assert_false(kexec_load_plan(&under_xen, &plan, &dom0, &err));
		assert_int_equal(err.fault, rows[i].fault);
		assert_int_equal(err.errnum, rows[i].errnum);
		assert_non_null(strstr(err.reason, rows[i].text));
	}
}

static void xen_must_be_there_to_be_asked(void **state)
{
	static const struct kexec_ability mute = { .load = ANSWER_YES,
		.xen = { .kind = XEN_PV_DOM0, .why = "/dev/xen/privcmd: none" } };
	struct error err = { 0 };

	(void)state;
	assert_false(kexec_require(&mute, &err));
	assert_int_equal(err.fault, FAULT_XEN_SILENT);
	assert_non_null(strstr(err.reason, "/dev/xen/privcmd: none"));
}

/* Whoever has the kernel's lock for a moment must not make another one fail. */
static void a_busy_kernel_is_asked_again(void **state)
{
	const struct request request = { .kernel = { .fd = 7 }, .command_line = "" };
	const struct plan by_file = { .call = CALL_FILE_LOAD, .request = &request },
			  by_segments = { .call = CALL_LOAD, .request = &normal };
	struct error err = { 0 };

	(void)state;
	fake.busy = 3;
	assert_true(kexec_load_plan(&calls, &by_file, &ability, &err));
	assert_int_equal(fake.file_loads, 4);
	fake.busy = 3;
	assert_true(kexec_load_plan(&calls, &by_segments, &ability, &err));
	assert_int_equal(fake.loads, 4);
	fake.busy = 2;
	assert_true(kexec_unload(&calls, false, &ability, &err));
	assert_int_equal(fake.waits, 8);
	fake.busy = 2;
	fake.jump_errno = EINVAL;
	assert_false(kexec_jump(&calls, &ability, &err));
	assert_int_equal(err.fault, FAULT_NOTHING_LOADED);

	fake.busy = 100;
	assert_false(kexec_load_plan(&calls, &by_file, &ability, &err));
	assert_int_equal(err.fault, FAULT_KERNEL_BUSY);
	assert_false(kexec_jump(&calls, &ability, &err));
	assert_int_equal(err.fault, FAULT_KERNEL_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(segments_are_handed_over_as_planned, forget),
		cmocka_unit_test_setup(files_are_handed_over_with_the_command_line, forget),
		cmocka_unit_test_setup(no_initrd_is_said_by_a_flag, forget),
		cmocka_unit_test_setup(crash_kernels_are_said_by_a_flag, forget),
		cmocka_unit_test_setup(a_flag_that_is_not_known_is_left_out, forget),
		cmocka_unit_test_setup(unload_asks_by_file_first, forget),
		cmocka_unit_test_setup(unload_falls_back_only_where_the_call_is_missing, forget),
		cmocka_unit_test_setup(nothing_is_tried_where_xen_has_the_machine, forget),
		cmocka_unit_test_setup(a_dom0_asks_xen_for_all_of_it, forget),
		cmocka_unit_test_setup(what_xen_refuses_is_said_of_xen, forget),
		cmocka_unit_test_setup(xen_must_be_there_to_be_asked, forget),
		cmocka_unit_test_setup(a_kernel_without_calls_is_told_so, forget),
		cmocka_unit_test_setup(a_busy_kernel_is_asked_again, forget),
		cmocka_unit_test_setup(
			no_hint_tells_to_load_what_is_to_be_forgotten_or_jumped_to, forget),
		cmocka_unit_test_setup(jumping_without_a_kernel_says_so, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
