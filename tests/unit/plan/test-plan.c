/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which system call, why, when the other one is tried; and the command line that is reused. */
#include "arch/planned.h"

#include <errno.h>

#include "base/fields.h"
#include "plan/command-line.h"

static void the_call_and_its_reason(void **state)
{
	static const struct {
		enum kexec_call wanted;
		enum lockdown lockdown;
		enum answer load, file_load, forced;
		bool limits;
		enum kexec_call call;
		const char *reason;
	} cases[] = {
		{ CALL_LOAD, LOCKDOWN_NONE, ANSWER_YES, ANSWER_YES, ANSWER_YES, false, CALL_LOAD,
			"asked for" },
		{ CALL_FILE_LOAD, LOCKDOWN_NONE, ANSWER_YES, ANSWER_NO, ANSWER_NO, false,
			CALL_FILE_LOAD, "asked for" },
		{ CALL_AUTO, LOCKDOWN_INTEGRITY, ANSWER_YES, ANSWER_YES, ANSWER_NO, true,
			CALL_FILE_LOAD, "locked down" },
		{ CALL_AUTO, LOCKDOWN_NONE, ANSWER_NO, ANSWER_YES, ANSWER_NO, true, CALL_FILE_LOAD,
			"no kexec_load" },
		{ CALL_AUTO, LOCKDOWN_NONE, ANSWER_YES, ANSWER_NO, ANSWER_NO, false, CALL_LOAD,
			"no kexec_file_load" },
		{ CALL_AUTO, LOCKDOWN_NONE, ANSWER_YES, ANSWER_YES, ANSWER_YES, true, CALL_LOAD,
			FIELD_LIMITS },
		{ CALL_AUTO, LOCKDOWN_NONE, ANSWER_YES, ANSWER_YES, ANSWER_YES, false,
			CALL_FILE_LOAD, "signature" },
		{ CALL_AUTO, LOCKDOWN_NONE, ANSWER_YES, ANSWER_YES, ANSWER_UNKNOWN, false,
			CALL_LOAD, "least time" },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		p.request.call = cases[i].wanted;
		p.request.limits = range_between(0, cases[i].limits ? GiB(4) : PHYS_MAX);
		p.machine.kexec.lockdown = cases[i].lockdown;
		p.machine.kexec.load = cases[i].load;
		p.machine.kexec.file_load = cases[i].file_load;
		p.machine.kexec.signature_forced = cases[i].forced;
		assert_true(planned_make(&p));
		assert_int_equal(p.plan.call, cases[i].call);
		assert_non_null(strstr(p.plan.call_reason, cases[i].reason));
	}
	arena_free(&p.arena);
}

/* Xen takes segments, for the next reboot, from whom the running kernel would let load as well. */
static void a_dom0_loads_through_xen(void **state)
{
	struct planned p;
	enum kexec_call other;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.kexec.xen.kind = XEN_PV_DOM0;
	p.machine.kexec.load = p.machine.kexec.file_load = ANSWER_NO;
	p.machine.kexec.secure_boot = ANSWER_YES;
	p.request.call = CALL_AUTO;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "Xen has the machine"));
	p.machine.kexec.file_load = ANSWER_YES;
	assert_false(plan_fall_back(&p.plan, &p.machine, ENOSYS, &other));

	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_XEN_LOADS);
	assert_reason(p.error, "kexec_file_load is the running kernel");
	p.request.call = CALL_AUTO;
	p.request.crash = true;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_XEN_LOADS);
	p.request.crash = false;

	p.machine.kexec.lockdown = LOCKDOWN_INTEGRITY;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_LOCKDOWN);
	p.machine.kexec.lockdown = LOCKDOWN_NONE;
	p.machine.kexec.disabled = ANSWER_YES;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_LOAD_DISABLED);
	p.machine.kexec.disabled = ANSWER_NO;
	p.machine.kexec.load_limit_reboot = 0;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_LOAD_LIMIT);
	p.machine.kexec.load_limit_reboot = -1;
	p.machine.arch = ARCH_I386;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_MACHINE_UNSUPPORTED);
	arena_free(&p.arena);
}

/* Only the running kernel can place anything then. */
static void without_iomem_nothing_is_placed(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	p.machine.no_memory = "/proc/iomem is not there";
	p.machine.ram = p.machine.reserved = p.machine.crash = (struct ranges){ 0 };
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "only the running kernel knows"));

	p.request.call = CALL_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_PROC);
	assert_reason(
		p.error, "where there is room in memory is not known: /proc/iomem is not there");

	p.request.call = CALL_AUTO;
	p.request.crash = true;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_PROC);
	arena_free(&p.arena);
}

static void options_without_effect_are_noted(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_FILE_LOAD;
	p.request.check = CHECK_NONE;
	p.request.limits = range_between(0, GiB(1));
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 2);
	assert_non_null(strstr(p.plan.notes.items[0], "choice of a check has no effect"));
	assert_non_null(strstr(p.plan.notes.items[1], FIELD_LIMITS ": no effect"));
	arena_free(&p.arena);
}

/* kexec_file_load has no way to take it: it is never left out in silence. */
static void a_device_tree_needs_kexec_load(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.device_tree = (struct input){ "tree", view_of_string("a tree"), -1 };
	p.request.call = CALL_AUTO;
	p.machine.kexec.signature_forced = ANSWER_YES;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "another device tree"));

	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_TREE_REFUSED);
	assert_reason(p.error, "and no other");

	p.request.call = CALL_AUTO;
	p.machine.kexec.lockdown = LOCKDOWN_INTEGRITY;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_LOCKDOWN);
	arena_free(&p.arena);
}

static void quirks_without_effect_are_noted(void **state)
{
	static const struct {
		enum kexec_call call;
		struct quirks quirks;
		const char *note;
	} cases[] = {
		{ CALL_FILE_LOAD, { .no_efi = true }, FIELD_NOEFI " has no effect" },
		{ CALL_FILE_LOAD, { .keep_screen_info = true },
			FIELD_REUSE_VIDEO_TYPE " has no effect" },
		{ CALL_FILE_LOAD, { .console.screen = true }, FIELD_CONSOLE_VGA },
		{ CALL_FILE_LOAD, { .console.serial = true }, FIELD_SERIAL " have no effect" },
		{ CALL_LOAD, { .device_tree = true }, FIELD_FORCE_DTB " has no effect" },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.check = CHECK_AUTO;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		p.request.call = cases[i].call;
		p.request.quirks = cases[i].quirks;
		assert_true(planned_make(&p));
		assert_int_equal(p.plan.notes.count, 1);
		assert_non_null(strstr(p.plan.notes.items[0], cases[i].note));
	}
	p.request.call = CALL_AUTO;
	p.request.quirks = (struct quirks){ .no_efi = true };
	p.machine.kexec.secure_boot = ANSWER_YES;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	p.request.quirks = (struct quirks){ .device_tree = true };
	p.machine.kexec.secure_boot = ANSWER_NO;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	arena_free(&p.arena);
}

/* Linux 6.17 and later would load into it, where the next kernel may overwrite its initrd. */
static void contiguous_memory_is_not_taken(void **state)
{
	static const struct {
		const char *release;
		uint64_t contiguous;
		bool asked, no_cma;
		size_t notes;
	} cases[] = {
		{ "7.2.13-cloud-amd64", MiB(64), false, true, 1 },
		{ "6.17.0", MiB(64), false, true, 1 },
		{ "unknown", MiB(64), false, true, 1 },
		{ "6.16.9", MiB(64), false, false, 0 },
		{ "7.2.13-cloud-amd64", 0, false, false, 0 },
		{ "7.2.13-cloud-amd64", 0, true, true, 0 },
		{ "7.2.13-cloud-amd64", MiB(64), true, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct planned p;

		planned_begin(&p, "q35-1g");
		p.request.call = CALL_FILE_LOAD;
		p.request.check = CHECK_AUTO;
		p.request.quirks.no_cma = cases[i].asked;
		p.machine.uname_release = cases[i].release;
		p.machine.memory_contiguous = cases[i].contiguous;
		assert_true(planned_make(&p));
		assert_int_equal(p.plan.no_cma, cases[i].no_cma);
		assert_int_equal(p.plan.notes.count, cases[i].notes);
		p.request.call = CALL_LOAD;
		assert_true(planned_make(&p));
		assert_false(p.plan.no_cma);
		arena_free(&p.arena);
	}
}

/* Where it appraises kernels it refuses what has no file. */
static void what_ima_appraises_is_shown_as_a_file(void **state)
{
	struct planned p;
	enum kexec_call other;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	p.machine.ima.appraises_kernels = ANSWER_YES;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "IMA's policy"));
	assert_false(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	p.request.call = CALL_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_APPRAISED);
	assert_reason(p.error, "it was asked for");
	p.request.call = CALL_AUTO;
	p.machine.ima.is_lenient = true;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	arena_free(&p.arena);
}

static void a_crash_kernel_needs_reserved_memory(void **state)
{
	static struct range reserved = { GiB(1), MiB(192) };
	static char line[BZ_COMMAND_LINE + 1];
	struct planned p;
	enum kexec_call other;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.crash = true;
	p.request.call = CALL_AUTO;
	p.machine.crash = (struct ranges){ 0 };
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_CRASH_MEMORY);
	assert_non_null(strstr(fault_hint(p.error.fault), "crashkernel="));
	p.machine.command_line = "quiet crashkernel=256M ro";
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_CRASH_NOT_RESERVED);
	assert_reason(p.error, "though the running kernel was told crashkernel=256M");
	assert_null(strstr(p.error.reason, " ro"));

	p.machine.crash = (struct ranges){ .items = &reserved, .count = 1 };
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	/* Whatever speaks against the image may not speak against segments. */
	assert_true(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	assert_int_equal(other, CALL_LOAD);
	p.machine.kexec.lockdown = LOCKDOWN_INTEGRITY;
	assert_false(plan_fall_back(&p.plan, &p.machine, ENOEXEC, &other));
	p.machine.kexec.lockdown = LOCKDOWN_NONE;

	/* The kernel adds elfcorehdr= of its own. */
	memset(line, 'x', BZ_COMMAND_LINE - 30);
	p.request.command_line = line;
	assert_true(planned_make(&p));
	line[BZ_COMMAND_LINE - 30] = 'x';
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIT_COMMAND_LINE);
	assert_reason(p.error, "2048 characters with elfcorehdr=");

	p.request.call = CALL_FILE_LOAD;
	p.request.command_line = "quiet";
	p.machine.kexec.file_load = ANSWER_NO;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_SYSCALL);
	assert_reason(p.error, "which the running kernel does not have");
	arena_free(&p.arena);
}

static void assert_fall_backs(struct plan *plan, const struct machine *machine,
	enum kexec_call from, enum kexec_call to, const int *yes, const int *no)
{
	enum kexec_call other;

	plan->call = from;
	for (; *yes; yes++) {
		assert_true(plan_fall_back(plan, machine, *yes, &other));
		assert_int_equal(other, to);
	}
	do {
		assert_false(plan_fall_back(plan, machine, *no, &other));
	} while (*no++);
}

static void the_fall_back_is_for_these_errnos_only(void **state)
{
	static const int from_file[] = { ENOSYS, EINVAL, ENOEXEC, EOPNOTSUPP, 0 };
	static const int never_from_file[] = { EPERM, EKEYREJECTED, ENOKEY, ENODATA, ENOMEM, EBUSY,
		ETXTBSY, EADDRNOTAVAIL, ELIBBAD, 0 };
	static const int from_load[] = { ENOSYS, EINVAL, EADDRNOTAVAIL, EPERM, EACCES, 0 };
	static const int never_from_load[] = { ENOMEM, EBUSY, EFAULT, 0 };
	struct plan plan = { .call = CALL_FILE_LOAD };
	struct request request = { .call = CALL_AUTO };
	struct machine machine = { .kexec = { .load = ANSWER_YES } };
	enum kexec_call other;

	(void)state;
	plan.request = &request;
	assert_fall_backs(&plan, &machine, CALL_LOAD, CALL_FILE_LOAD, from_load, never_from_load);
	assert_fall_backs(&plan, &machine, CALL_FILE_LOAD, CALL_LOAD, from_file, never_from_file);

	/* Not an unsupported image: no call loads any. */
	machine.kexec.tdx_partial_writes = true;
	assert_false(plan_fall_back(&plan, &machine, EOPNOTSUPP, &other));
	machine.kexec.tdx_partial_writes = false;

	machine.kexec.lockdown = LOCKDOWN_INTEGRITY;
	assert_false(plan_fall_back(&plan, &machine, ENOEXEC, &other));
	machine.kexec.lockdown = LOCKDOWN_NONE;
	request.call = CALL_FILE_LOAD;
	assert_false(plan_fall_back(&plan, &machine, ENOEXEC, &other));
	request.call = CALL_AUTO;
	machine.kexec.load = ANSWER_NO;
	assert_false(plan_fall_back(&plan, &machine, ENOEXEC, &other));
}

static void the_loaders_words_are_left_out_and_noted(void **state)
{
	static const struct {
		const char *line, *kept;
		size_t notes;
		bool crash;
	} cases[] = {
		{ "", "", 0 },
		{ "root=/dev/sda1 ro", "root=/dev/sda1 ro", 0 },
		{ "BOOT_IMAGE=/vmlinuz root=/dev/sda1", "root=/dev/sda1", 1 },
		{ "quiet BOOT_IMAGE=\"/a b\"\tsplash ", "quiet splash", 1 },
		{ "BOOT_IMAGE", "", 1 },
		{ "BOOT_IMAGES=1 x.BOOT_IMAGE=2", "BOOT_IMAGES=1 x.BOOT_IMAGE=2", 0 },
		{ "crashkernel=192M quiet", "crashkernel=192M quiet", 0 },
		{ "crashkernel=1G,high quiet crashkernel=64M,low BOOT_IMAGE=x", "quiet", 3, true },
		{ "elfcorehdr=867700K quiet elfcorehdr=0x400@0x34f61000", "quiet", 2 },
		{ "quiet elfcorehdr=0x34f61000", "quiet", 1, true },
		{ "crashkernel_x=1 x.crashkernel=2", "crashkernel_x=1 x.crashkernel=2", 0, true },
		{ "dyndbg=\"file a +p\" BOOT_IMAGE=x BOOT_IMAGE=y", "dyndbg=\"file a +p\"", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena a = { 0 };
		struct notes notes = { .arena = &a };

		assert_string_equal(command_line_reuse(cases[i].line, cases[i].crash, &a, &notes),
			cases[i].kept);
		assert_int_equal(notes.count, cases[i].notes);
		arena_free(&a);
	}
}

static void lines_are_joined_by_one_blank(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_string_equal(command_line_join("a", "b c", &a), "a b c");
	assert_string_equal(command_line_join("", "b", &a), "b");
	assert_string_equal(command_line_join("a", "", &a), "a");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_call_and_its_reason),
		CASE(a_dom0_loads_through_xen),
		CASE(without_iomem_nothing_is_placed),
		CASE(options_without_effect_are_noted),
		CASE(a_device_tree_needs_kexec_load),
		CASE(quirks_without_effect_are_noted),
		CASE(contiguous_memory_is_not_taken),
		CASE(what_ima_appraises_is_shown_as_a_file),
		CASE(a_crash_kernel_needs_reserved_memory),
		CASE(the_fall_back_is_for_these_errnos_only),
		CASE(the_loaders_words_are_left_out_and_noted),
		CASE(lines_are_joined_by_one_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
