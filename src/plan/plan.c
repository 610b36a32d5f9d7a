/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which system call and why; the layout itself is the architecture's. */
#include "plan/plan.h"

#include "base/fields.h"
#include "machine/linux-version.h"
#include "plan/meaning.h"
#include "plan/parameters.h"
#include "plan/place.h"

enum { USES_CMA = LINUX_VERSION(6, 17) };

const char *kexec_call_name(enum kexec_call call)
{
	switch (call) {
	case CALL_AUTO:
		return "kexec_file_load or kexec_load";
	case CALL_LOAD:
		return "kexec_load";
	case CALL_FILE_LOAD:
		return "kexec_file_load";
	}
	return "";
}

bool plan_has_limits(const struct request *request)
{
	return request->limits.start != 0 || range_end(request->limits) != PHYS_MAX;
}

static bool needs_load(const struct request *request)
{
	return plan_has_limits(request) || request->quirks.no_efi || request->quirks.reset_screen ||
		(request->crash && request->quirks.core_class == CORE_CLASS_32);
}

/* It is told to start a watchdog, or not to load at all. */
static bool wants_recipe(const struct request *request)
{
	return request->recipe && !request->recipe_may_miss;
}

/* Sessions may be opened after the load, as systemd does in its shutdown. */
static bool may_be_kept(const struct machine *machine, const struct request *request)
{
	return machine->kexec.live_update == ANSWER_YES && !request->crash;
}

/* Whether whoever set this machine up wants only kernels whose signature was verified. */
static bool wants_signatures(const struct kexec_ability *kexec)
{
	return kexec->signature_forced == ANSWER_YES || kexec->secure_boot == ANSWER_YES;
}

const char *plan_file_load_obstacle(const struct arch_ops *arch, const struct request *request)
{
	if (request->device_tree.bytes.n)
		return "it passes the running kernel's device tree on, and no other";
	return arch->file_load_obstacle ? arch->file_load_obstacle(request) : NULL;
}

/* What kexec_load would have to know of the firmware and cannot; NULL: nothing. */
static const char *firmware_obstacle(const struct arch_ops *arch, const struct machine *machine)
{
	if (machine->efi.hidden)
		return "the firmware is EFI, and only the running kernel knows what it told: "
		       "/sys/firmware/efi is not there";
	if (machine_firmware_unknown(machine))
		return "only the running kernel knows what its firmware told it: "
		       "/sys/kernel/boot_params is not there";
	if (arch->takes_device_tree && machine->device_tree.n == 0)
		return "only the running kernel knows its device tree: /sys/firmware/fdt is not "
		       "there";
	return NULL;
}

/*
 * In order of weight: what the user said, what is possible, what is better. kexec_load is better:
 * the purgatory of kexec_file_load verifies in portable C all the memory that the next kernel
 * needs.
 */
static void choose_call(
	struct plan *plan, const struct arch_ops *arch, const struct machine *machine)
{
	const struct kexec_ability *kexec = &machine->kexec;
	const char *firmware = firmware_obstacle(arch, machine);

	plan->call = CALL_FILE_LOAD;
	if (kexec->xen.kind == XEN_PV_DOM0) {
		plan->call = CALL_LOAD;
		plan->call_reason = "Xen has the machine, and takes segments";
	} else if (plan->request->call != CALL_AUTO) {
		plan->call = plan->request->call;
		plan->call_reason = "it was asked for";
	} else if (plan->request->device_tree.bytes.n) {
		plan->call = CALL_LOAD;
		plan->call_reason =
			"only kexec_load passes another device tree on than the running kernel's";
	} else if (plan->file_load_obstacle) {
		plan->call = CALL_LOAD;
		plan->call_reason = "kexec_file_load does not take this kernel";
	} else if (machine->live_update.state != LIVE_UPDATE_NONE && !plan->request->crash) {
		plan->call_reason = "only it hands over what live-update sessions keep";
	} else if (kexec_is_locked_down(kexec)) {
		plan->call_reason = "the running kernel is locked down and verifies signatures";
	} else if (kexec->load == ANSWER_NO) {
		plan->call_reason = "the running kernel has no kexec_load";
	} else if (machine_ima_refuses(machine)) {
		plan->call_reason = "IMA's policy appraises kernels, and kexec_load shows it none";
	} else if (kexec->file_load == ANSWER_NO) {
		plan->call = CALL_LOAD;
		plan->call_reason = "the running kernel has no kexec_file_load";
	} else if (needs_load(plan->request)) {
		plan->call = CALL_LOAD;
		plan->call_reason = "only kexec_load honours " FIELD_NOEFI ", " FIELD_RESET_VGA
				    ", " FIELD_ELF32_CORE_HEADERS " and " FIELD_LIMITS;
	} else if (may_be_kept(machine, plan->request) && !wants_recipe(plan->request)) {
		plan->call_reason =
			"only it hands over what processes may still keep for the next kernel";
	} else if (machine->no_memory) {
		plan->call_reason = "only the running kernel knows where there is room";
	} else if (firmware) {
		plan->call_reason = firmware;
	} else if (plan->request->quirks.device_tree) {
		plan->call_reason = "only kexec_file_load honours " FIELD_FORCE_DTB;
	} else if (wants_signatures(kexec)) {
		plan->call_reason = "this system wants kernels whose signature is verified";
	} else if (plan->request->crash) {
		plan->call_reason = "the running kernel describes its own memory for a dump best";
	} else {
		plan->call = CALL_LOAD;
		plan->call_reason = "its check costs the least time between the kernels";
	}
}

enum kexec_call plan_choose_call(
	const struct arch_ops *arch, const struct machine *machine, const struct request *request)
{
	struct plan plan = { .request = request,
		.file_load_obstacle = plan_file_load_obstacle(arch, request) };

	choose_call(&plan, arch, machine);
	return plan.call;
}

/* What the running kernel was asked for it may have no code for, or no room, or it was given back since. */
static bool fail_not_reserved(const struct machine *machine, struct error *err)
{
	const char *line = machine->command_line ? machine->command_line : "", *rest;

	if (!parameters_next(&line, "crashkernel=", &rest))
		return fail(err, FAULT_NO_CRASH_MEMORY, "no memory is reserved for a crash kernel");
	return fail(err, FAULT_CRASH_NOT_RESERVED,
		"no memory is reserved for a crash kernel, though the running kernel was told "
		"crashkernel=%.*s",
		(int)(line - rest), rest);
}

static bool check_crash(const struct plan *plan, const struct arch_ops *arch,
	const struct machine *machine, struct error *err)
{
	if (!plan->request->crash)
		return true;
	if (plan->call == CALL_FILE_LOAD && machine->kexec.file_load == ANSWER_NO)
		return fail(err, FAULT_NO_SYSCALL,
			"a crash kernel is to be loaded by kexec_file_load, which the running kernel "
			"does not have: %s",
			plan->call_reason);
	if (plan->call == CALL_LOAD && arch->no_crash_by_load)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"crash kernels for %s are loaded by kexec_file_load alone, and kexec_load was "
			"chosen, since %s",
			cpu_arch_name(arch->arch), plan->call_reason);
	if (machine->no_memory)
		return fail(err, FAULT_NO_PROC,
			"whether memory is reserved for a crash kernel is not known: %s",
			machine->no_memory);
	return machine->crash.count != 0 || fail_not_reserved(machine, err);
}

/* Xen asks for none of what closes the running kernel's own calls; they are meant all the same. */
static bool check_xen(const struct plan *plan, const struct machine *machine, struct error *err)
{
	const struct kexec_ability *kexec = &machine->kexec;

	if (kexec->xen.kind != XEN_PV_DOM0)
		return true;
	if (plan->request->crash)
		return fail(err, FAULT_XEN_LOADS,
			"Xen has the machine, and a crash kernel is not loaded through it yet");
	if (plan->request->call == CALL_FILE_LOAD)
		return fail(err, FAULT_XEN_LOADS,
			"Xen has the machine, and kexec_file_load is the running kernel's, "
			"which would crash");
	if (machine->arch != ARCH_X86_64)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"Xen is asked by a 64-bit domain only, not by one of %s",
			cpu_arch_name(machine->arch));
	if (kexec_is_locked_down(kexec))
		return fail(err, FAULT_LOCKDOWN,
			"the running kernel is locked down, and Xen verifies no signature");
	if (kexec->disabled == ANSWER_YES)
		return fail(err, FAULT_LOAD_DISABLED, "the sysctl kernel.kexec_load_disabled is 1");
	if (kexec->load_limit_reboot == 0)
		return fail(err, FAULT_LOAD_LIMIT,
			"the sysctl kernel.kexec_load_limit_reboot has come to 0");
	return true;
}

/* Xen's own limit is one less than Linux's: KEXEC_SEGMENT_MAX, which it does not reach. */
static bool check_count(const struct plan *plan, const struct machine *machine, struct error *err)
{
	if (machine->kexec.xen.kind != XEN_PV_DOM0 || plan->segment_count < PLAN_SEGMENTS_MAX)
		return true;
	return fail(err, FAULT_FIT_SEGMENTS, "there are %zu segments; Xen takes %d",
		plan->segment_count, PLAN_SEGMENTS_MAX - 1);
}

void plan_tell_loss(
	const struct machine *machine, const struct request *request, struct notes *notes)
{
	if (may_be_kept(machine, request))
		notes_add(notes,
			"what processes keep for the next kernel from now on (/dev/liveupdate) would be "
			"lost: only kexec_file_load hands it over");
}

/* What sessions keep is lost by kexec_load without a word: only who asks for that call gets it. */
static bool check_live_update(struct plan *plan, const struct machine *machine, struct error *err)
{
	const struct live_update_facts *kept = &machine->live_update;

	if (plan->call != CALL_LOAD || plan->request->crash)
		return true;
	if (kept->state == LIVE_UPDATE_NONE) {
		if (plan->request->call == CALL_AUTO)
			plan_tell_loss(machine, plan->request, &plan->notes);
		return true;
	}
	if (kept->state == LIVE_UPDATE_UNSEEN) {
		notes_add(&plan->notes,
			"whether live-update sessions are open could not be seen; what they keep would be "
			"lost with kexec_load");
		return true;
	}
	if (plan->request->call != CALL_LOAD)
		return fail(err, FAULT_KEPT_STATE,
			"process %s has a live-update session open, and what that keeps for the next "
			"kernel is handed over by kexec_file_load only, which cannot be taken: %s",
			kept->holder, plan->call_reason);
	notes_add(&plan->notes,
		"process %s has a live-update session open; what that keeps is lost with "
		"kexec_load",
		kept->holder);
	return true;
}

/* A kernel that kexec_file_load does not take needs kexec_load, here and now. */
static bool check_call(const struct plan *plan, const struct machine *machine, struct error *err)
{
	const struct kexec_ability *kexec = &machine->kexec;
	const char *format = plan->request->image->name, *obstacle = plan->file_load_obstacle;

	if (!obstacle || plan->request->call == CALL_LOAD)
		return true;
	if (plan->call == CALL_FILE_LOAD && plan->request->device_tree.bytes.n)
		return fail(err, FAULT_TREE_REFUSED,
			"kexec_file_load cannot take the device tree that is given: %s", obstacle);
	if (plan->call == CALL_FILE_LOAD)
		return fail(err, FAULT_FORMAT_REFUSED,
			"this is of the format %s, which kexec_file_load cannot load: %s", format,
			obstacle);
	if (kexec_is_locked_down(kexec))
		return fail(err, FAULT_LOCKDOWN,
			"this is of the format %s, which kexec_file_load cannot load (%s), and the "
			"running kernel is locked down against kexec_load",
			format, obstacle);
	if (kexec->load == ANSWER_NO)
		return fail(err, FAULT_NO_SYSCALL,
			"this is of the format %s, which kexec_file_load cannot load (%s), and the "
			"running kernel has no kexec_load",
			format, obstacle);
	return true;
}

/* The running kernel refuses segments without a file then (ima_load_data in security/integrity/ima). */
static bool check_ima(const struct plan *plan, const struct machine *machine, struct error *err)
{
	if (plan->call != CALL_LOAD || machine->kexec.xen.kind == XEN_PV_DOM0 ||
		!machine_ima_refuses(machine))
		return true;
	return fail(err, FAULT_APPRAISED,
		"IMA's policy appraises kernels (func=KEXEC_KERNEL_CHECK), so that the running kernel "
		"refuses kexec_load, which is taken since %s",
		plan->call_reason);
}

/* Nothing of ours runs between the kernels there. */
static bool check_recipe(const struct plan *plan, struct error *err)
{
	if (!plan->request->recipe || plan->call == CALL_LOAD)
		return true;
	return fail(err, FAULT_NO_WATCHDOG,
		"the watchdog is started by code that only kexec_load brings, and this is a load by "
		"kexec_file_load: %s",
		plan->call_reason);
}

/* They are about a dump, and where the crash kernel that writes it lives. */
static void note_crash_options(struct plan *plan)
{
	const struct quirks *quirks = &plan->request->quirks;
	const struct {
		bool given;
		const char *field;
	} options[] = {
		{ quirks->core_class == CORE_CLASS_32, FIELD_ELF32_CORE_HEADERS },
		{ quirks->core_class == CORE_CLASS_64, FIELD_ELF64_CORE_HEADERS },
		{ quirks->memory_on_line, FIELD_PASS_MEMMAP },
		{ quirks->hotplug, FIELD_HOTPLUG },
	};

	for (size_t i = 0; i < sizeof options / sizeof *options && !plan->request->crash; i++)
		if (options[i].given)
			notes_add(&plan->notes, "%s has no effect: this is no crash kernel",
				options[i].field);
}

/* By kexec_file_load it does so unasked, where it can. */
static void note_hotplug(struct plan *plan, const struct machine *machine)
{
	if (plan->request->crash && plan->request->quirks.hotplug && !machine->dump.unknown &&
		!machine->dump.header_room)
		notes_add(&plan->notes,
			"the running kernel does not tell a crash kernel of CPUs and memory that are added "
			"(CONFIG_CRASH_HOTPLUG, since 6.6): it has to be loaded again then");
}

static void note_options_without_effect(struct plan *plan)
{
	const struct quirks *quirks = &plan->request->quirks;

	note_crash_options(plan);
	if (plan->call != CALL_FILE_LOAD) {
		if (quirks->device_tree)
			notes_add(&plan->notes, FIELD_FORCE_DTB " has no effect with kexec_load");
		return;
	}
	if (quirks->core_class == CORE_CLASS_32 && plan->request->crash)
		notes_add(&plan->notes,
			FIELD_ELF32_CORE_HEADERS
			" has no effect with kexec_file_load: the running kernel's core headers are in "
			"64-bit ELF");
	if (quirks->memory_on_line && plan->request->crash)
		notes_add(&plan->notes,
			FIELD_PASS_MEMMAP
			" has no effect with kexec_file_load: the running kernel tells a crash kernel its "
			"memory in the memory map");
	if (plan->request->check != CHECK_AUTO)
		notes_add(&plan->notes,
			"kexec_file_load always verifies by SHA-256: the choice of a check has no effect");
	if (plan_has_limits(plan->request))
		notes_add(
			&plan->notes, "kexec_file_load has no use for " FIELD_LIMITS ": no effect");
	if (quirks->no_efi)
		notes_add(&plan->notes, FIELD_NOEFI " has no effect with kexec_file_load");
	if (quirks->keep_screen_info)
		notes_add(
			&plan->notes, FIELD_REUSE_VIDEO_TYPE " has no effect with kexec_file_load");
	if (quirks->reset_screen)
		notes_add(&plan->notes, FIELD_RESET_VGA " has no effect with kexec_file_load");
	if (quirks->console.screen || quirks->console.serial)
		notes_add(&plan->notes,
			FIELD_CONSOLE_VGA
			", " FIELD_CONSOLE_SERIAL " and " FIELD_SERIAL " have no effect with "
			"kexec_file_load, which has no code of its own between the kernels");
}

/*
 * Since Linux 6.17 kexec_file_load puts segments into the default area of the contiguous memory allocator, one behind
 * the other, where they need not be copied (kexec_alloc_contig in kernel/kexec_file.c). The allocator aligns them to
 * 2^CONFIG_CMA_ALIGNMENT pages at most: 1 MiB, where a kernel for x86-64 asks for 2. It moves itself up to the
 * next 2 MiB then, with all the memory that it asked for, and so overwrites the initrd behind it: seen with 7.2.
 */
static void keep_out_of_cma(struct plan *plan, const struct machine *machine)
{
	unsigned version;

	if (plan->call != CALL_FILE_LOAD)
		return;
	plan->no_cma = plan->request->quirks.no_cma;
	/* A crash kernel lies in memory of its own. */
	if (plan->no_cma || plan->request->crash || !machine->memory_contiguous ||
		(linux_version(machine->uname_release, &version) && version < USES_CMA))
		return;
	plan->no_cma = true;
	notes_add(&plan->notes,
		"kexec_file_load is told to take none of the %llu MiB of contiguous memory (CMA), in "
		"which Linux 7.2 was seen to lose the initrd",
		(unsigned long long)(machine->memory_contiguous >> 20));
}

bool plan_make(const struct arch_ops *arch, const struct machine *machine,
	const struct request *request, struct arena *arena, struct plan *ret, struct error *err)
{
	struct plan plan = { .arena = arena,
		.request = request,
		.command_line = request->command_line,
		.notes = { .arena = arena },
		.kexec_arch = (uint32_t)cpu_of(arch->arch)->elf << 16,
		.file_load_obstacle = plan_file_load_obstacle(arch, request) };
	struct planner planner = {
		.plan = &plan, .arena = arena, .machine = machine, .request = request
	};

	choose_call(&plan, arch, machine);
	note_options_without_effect(&plan);
	note_hotplug(&plan, machine);
	keep_out_of_cma(&plan, machine);
	if (!check_xen(&plan, machine, err) || !check_crash(&plan, arch, machine, err) ||
		!arch->check_image(&planner, err) || !check_call(&plan, machine, err) ||
		!check_live_update(&plan, machine, err) || !check_ima(&plan, machine, err) ||
		!check_recipe(&plan, err))
		return false;
	if (plan.call == CALL_LOAD &&
		(!place_begin(&planner, arch->lowest, err) || !arch->lay_out(&planner, err) ||
			!check_count(&plan, machine, err)))
		return false;
	plan.taken = planner.taken;
	*ret = plan;
	return true;
}

bool plan_fall_back(
	const struct plan *plan, const struct machine *machine, int errnum, enum kexec_call *ret)
{
	struct kexec_ability ability = meaning_ability(&machine->kexec, plan->request->crash);
	const struct kexec_ability *kexec = &machine->kexec;
	const struct meaning *meaning = meaning_of(errnum, plan->call, &ability);
	enum kexec_call other = plan->call == CALL_LOAD ? CALL_FILE_LOAD : CALL_LOAD;

	if (plan->request->call != CALL_AUTO || kexec->xen.kind != XEN_PV_NONE ||
		kexec_is_locked_down(kexec))
		return false;
	if (!meaning || !meaning->other_may_do ||
		(other == CALL_LOAD ? kexec->load : kexec->file_load) == ANSWER_NO ||
		(other == CALL_LOAD &&
			(machine->no_memory || machine_ima_refuses(machine) ||
				(machine->live_update.state != LIVE_UPDATE_NONE &&
					!plan->request->crash))) ||
		(other == CALL_FILE_LOAD &&
			(plan->file_load_obstacle || wants_recipe(plan->request))))
		return false;
	*ret = other;
	return true;
}
