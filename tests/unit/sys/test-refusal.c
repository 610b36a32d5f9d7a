/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each errno of the kexec system calls: its fault, its words, and that there is a hint. */
#include "test.h"

#include <errno.h>

#include "sys/refusal.h"

static const struct kexec_ability all_allowed = {
	.load = ANSWER_YES,
	.file_load = ANSWER_YES,
	.may_boot = ANSWER_YES,
	.disabled = ANSWER_NO,
	.lockdown = LOCKDOWN_NONE,
	.load_limit_reboot = -1,
	.load_limit_panic = -1,
};

static void each_errno_says_what_it_means(void **state)
{
	static const struct {
		int errnum;
		enum kexec_call call;
		enum fault fault;
		const char *words;
	} cases[] = {
		{ ENOSYS, CALL_LOAD, FAULT_NO_SYSCALL,
			"kexec_load: the running kernel does not have it" },
		{ ENOSYS, CALL_FILE_LOAD, FAULT_NO_SYSCALL, "kexec_file_load: " },
		{ EKEYREJECTED, CALL_FILE_LOAD, FAULT_SIGNATURE,
			"does not accept the image's signature" },
		{ ENOKEY, CALL_FILE_LOAD, FAULT_SIGNATURE, "no key" },
		{ ENODATA, CALL_FILE_LOAD, FAULT_SIGNATURE, "not signed" },
		{ ELIBBAD, CALL_FILE_LOAD, FAULT_SIGNATURE, "signature" },
		{ ENOEXEC, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED, "format" },
		{ ENOEXEC, CALL_LOAD, FAULT_KERNEL_INVALID, "CPU" },
		{ EADDRNOTAVAIL, CALL_FILE_LOAD, FAULT_ADDRESS_UNAVAILABLE, "in one piece" },
		{ EADDRNOTAVAIL, CALL_LOAD, FAULT_ADDRESS_UNAVAILABLE, "segment" },
		{ ENOMEM, CALL_LOAD, FAULT_KERNEL_NO_MEMORY, "not enough free memory" },
		{ EBUSY, CALL_LOAD, FAULT_KERNEL_BUSY, "in use by another program" },
		{ ETXTBSY, CALL_FILE_LOAD, FAULT_KERNEL_FILE_BUSY, "open for writing" },
		{ EINVAL, CALL_LOAD, FAULT_KERNEL_INVALID, "rejects the segments" },
		{ EFBIG, CALL_FILE_LOAD, FAULT_KERNEL_FILE_SIZE, "larger than what" },
		{ 524, CALL_FILE_LOAD, FAULT_SIGNATURE, "first signature is of a kind" },
		{ EOPNOTSUPP, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED, "does not support" },
		{ EFAULT, CALL_LOAD, FAULT_FILE_CHANGED, "shrank" },
		{ EXDEV, CALL_LOAD, FAULT_KERNEL_OTHER, "kexec_load: Invalid cross-device link" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error err = { 0 };

		assert_false(refusal(cases[i].errnum, (struct attempt){ cases[i].call, false },
			&all_allowed, &err));
		assert_int_equal(err.fault, cases[i].fault);
		assert_int_equal(err.errnum, cases[i].errnum);
		assert_reason(err, cases[i].words);
		assert_reason(err, strerror(cases[i].errnum));
		assert_non_null(fault_hint(err.fault));
	}
}

static void eperm_tells_who_forbids_it(void **state)
{
	struct kexec_ability no_capability = all_allowed, disabled = all_allowed,
			     used_up = all_allowed, locked = all_allowed, secure = all_allowed,
			     unseen = all_allowed, unknown = { .load_limit_reboot = -1 };
	const struct {
		const struct kexec_ability *ability;
		enum fault fault;
		const char *words;
	} cases[] = {
		{ &no_capability, FAULT_NO_CAPABILITY, "CAP_SYS_BOOT" },
		{ &disabled, FAULT_LOAD_DISABLED, "kexec_load_disabled" },
		{ &used_up, FAULT_LOAD_LIMIT, "kexec_load_limit_reboot" },
		{ &locked, FAULT_LOCKDOWN, "locked down (integrity)" },
		{ &secure, FAULT_LOCKDOWN, "(confidentiality) by Secure Boot" },
		{ &unseen, FAULT_LOCKDOWN_UNSEEN, "probably by lockdown" },
		{ &unknown, FAULT_NO_CAPABILITY, "CAP_SYS_BOOT, or a policy" },
		{ &all_allowed, FAULT_SECURITY_MODULE, "security module" },
	};

	(void)state;
	no_capability.may_boot = ANSWER_NO;
	disabled.disabled = ANSWER_YES;
	used_up.load_limit_reboot = 0;
	locked.lockdown = LOCKDOWN_INTEGRITY;
	secure.lockdown = LOCKDOWN_CONFIDENTIALITY;
	secure.secure_boot = ANSWER_YES;
	unseen.lockdown = LOCKDOWN_UNKNOWN;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct error err = { 0 };

		assert_false(refusal(
			EPERM, (struct attempt){ CALL_LOAD, false }, cases[i].ability, &err));
		assert_int_equal(err.fault, cases[i].fault);
		assert_int_equal(fault_class(err.fault), CLASS_PERMISSION);
		assert_int_equal(err.errnum, EPERM);
		assert_reason(err, cases[i].words);
	}
}

/* By kexec_file_load it is for want of a signature, which the errno does not say. */
static void lockdown_wants_a_signature(void **state)
{
	struct kexec_ability locked = all_allowed;
	struct error err = { 0 };

	(void)state;
	locked.lockdown = LOCKDOWN_INTEGRITY;
	assert_false(refusal(EPERM, (struct attempt){ CALL_FILE_LOAD, false }, &locked, &err));
	assert_int_equal(err.fault, FAULT_LOCKDOWN);
	assert_reason(err, "no signature that it trusts");
}

/* The two kinds of kernel have a limit each. */
static void the_limit_is_that_of_the_attempt(void **state)
{
	const struct attempt crash = { CALL_FILE_LOAD, true }, normal = { CALL_FILE_LOAD, false };
	struct kexec_ability used_up = all_allowed;
	struct error err = { 0 };

	(void)state;
	used_up.load_limit_panic = 0;
	assert_false(refusal(EPERM, crash, &used_up, &err));
	assert_int_equal(err.fault, FAULT_LOAD_LIMIT);
	assert_reason(err, "kexec_load_limit_panic");
	assert_false(refusal(EPERM, normal, &used_up, &err));
	assert_int_equal(err.fault, FAULT_SECURITY_MODULE);
}

/* It never ends, where the other CPUs cannot be stopped. */
static void a_busy_kernel_may_be_one_that_cannot_stop_its_cpus(void **state)
{
	struct kexec_ability arm64 = all_allowed;
	struct error err = { 0 };

	(void)state;
	arm64.cpus_may_stick = true;
	assert_false(refusal(EBUSY, (struct attempt){ CALL_LOAD, false }, &arm64, &err));
	assert_int_equal(err.fault, FAULT_KERNEL_BUSY_OR_STUCK);
	assert_reason(err, "cannot stop its other CPUs");
	/* A crash kernel needs none of them stopped. */
	assert_false(refusal(EBUSY, (struct attempt){ CALL_FILE_LOAD, true }, &arm64, &err));
	assert_int_equal(err.fault, FAULT_KERNEL_BUSY);
}

static void tdx_forbids_all_loads_and_not_an_image(void **state)
{
	struct kexec_ability tdx = all_allowed;
	struct error err = { 0 };

	(void)state;
	tdx.tdx_partial_writes = true;
	for (enum kexec_call call = CALL_LOAD; call <= CALL_FILE_LOAD; call++) {
		assert_false(refusal(EOPNOTSUPP, (struct attempt){ call, false }, &tdx, &err));
		assert_int_equal(err.fault, FAULT_MACHINE_UNSUPPORTED);
		assert_reason(err, "tdx_pw_mce");
	}
}

/* What is free elsewhere is of no use to it. */
static void a_crash_kernel_wants_more_of_its_own_memory(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_false(refusal(
		EADDRNOTAVAIL, (struct attempt){ CALL_FILE_LOAD, true }, &all_allowed, &err));
	assert_int_equal(err.fault, FAULT_FIT_CRASH_MEMORY);
}

/* A kernel that keeps memory loads into what it has set aside, and a crash kernel into its own. */
static void where_memory_is_kept_the_room_is_named(void **state)
{
	struct kexec_ability keeps = all_allowed;

	(void)state;
	keeps.live_update = ANSWER_YES;
	for (int crash = 0; crash < 2; crash++) {
		struct error err = { 0 };

		assert_false(refusal(
			EADDRNOTAVAIL, (struct attempt){ CALL_FILE_LOAD, crash }, &keeps, &err));
		assert_int_equal(strstr(err.reason, "kho_scratch=") != NULL, !crash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_errno_says_what_it_means),
		CASE(lockdown_wants_a_signature),
		CASE(a_busy_kernel_may_be_one_that_cannot_stop_its_cpus),
		CASE(tdx_forbids_all_loads_and_not_an_image),
		CASE(a_crash_kernel_wants_more_of_its_own_memory),
		CASE(where_memory_is_kept_the_room_is_named),
		CASE(eperm_tells_who_forbids_it),
		CASE(the_limit_is_that_of_the_attempt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
