/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/job.h"

#include "arch/registry.h"
#include "jump/checked.h"
#include "jump/device-tree.h"
#include "jump/direct.h"
#include "jump/initrd-check.h"
#include "jump/initrd-policy.h"
#include "jump/inputs.h"
#include "jump/layers.h"
#include "jump/next-config.h"
#include "jump/reading.h"
#include "jump/ready.h"
#include "jump/tuning.h"
#include "jump/uki.h"
#include "jump/watchdog.h"
#include "plan/command-line.h"
#include "plan/ways.h"
#include "sys/fresh.h"
#include "sys/kexec.h"

void job_step(
	const struct job *job, const char *step, const char *what, uint64_t done, uint64_t total)
{
	const struct job_watch *watch = &job->wanted.watch;

	if (watch->call)
		watch->call(watch->context, &(struct job_progress){ step, what, done, total });
}

static bool read_facts(struct job *job, const struct source *source, struct error *err)
{
	if (!machine_capture(source, &job->arena, &job->machine, err))
		return false;
	if (job->wanted.crash && !machine_capture_dump(source, &job->arena, &job->machine))
		return fail_no_memory(err);
	return job_watchdog_capture(job, source, err) && job_tuning_capture(job, source, err);
}

static bool read_machine(struct job *job, struct error *err)
{
	struct snapshot snapshot;
	bool done;

	if (job->wanted.source)
		return read_facts(job, job->wanted.source, err);
	if (!snapshot_open(job->wanted.root, &snapshot, err))
		return false;
	done = read_facts(job, &snapshot.source, err);
	snapshot_close(&snapshot);
	return done;
}

static bool require_calls(struct job *job, struct error *err)
{
	return kexec_require(&job->machine.kexec, err);
}

static bool make_command_line(struct job *job, struct error *err)
{
	const char *own = uki_command_line(job);
	const char *given = job->wanted.command_line ? job->wanted.command_line : own;
	const char *reused = "";

	if (job->wanted.reuse_command_line && job->machine.command_line_unknown)
		return fail(err, FAULT_NO_PROC,
			"the running kernel's command line is to be reused and is not known: %s",
			job->machine.command_line_unknown);
	if (job->wanted.reuse_command_line)
		reused = command_line_reuse(
			job->machine.command_line, job->wanted.crash, &job->arena, &job->notes);
	job->lines[LINE_GIVEN] = job->wanted.reuse_command_line ? job->machine.command_line : given;
	job->lines[LINE_REUSED] = job->wanted.reuse_command_line ? reused : given;
	/* What was added at the last jump is not added again. */
	reused = reused ? command_line_without_end(reused, given, &job->arena) : NULL;
	job->line = reused ? command_line_join(reused, given, &job->arena) : NULL;
	job->lines[LINE_JOINED] = job->line;
	if (job->line)
		job->line =
			line_edits_apply(&job->wanted.edits, job->line, &job->arena, &job->notes);
	job->lines[LINE_EDITED] = job->line;
	return job->line ? true : fail_no_memory(err);
}

static bool add_parameters(struct job *job, struct notes *notes, struct error *err)
{
	struct come_back_parameters parameters = job->wanted.come_back;

	/* It is about all of them: one that somebody else has started would be left to run out as well. */
	if (!job->watchdog.driver || !watchdog_is_alone(&job->watchdog_facts, &job->watchdog))
		parameters.open_timeout = 0;
	job->request.command_line =
		come_back_parameters_add(job->line, &parameters, &job->arena, notes);
	return job->request.command_line ? true : fail_no_memory(err);
}

/* And then it is known what the next kernel is told of one. */
static bool choose_watchdog(struct job *job, struct error *err)
{
	return job_watchdog_choose(job, err) && add_parameters(job, &job->notes, err);
}

/* Whether the kernel is the running one is known when it is unpacked; the trial's words are noted already. */
static bool complete_line(struct job *job, struct error *err)
{
	struct notes said = { .arena = &job->arena };

	if (!job_tuning_apply(job, err) || !add_parameters(job, &said, err))
		return false;
	job->lines[LINE_TUNED] = job->line;
	job->lines[LINE_TRIAL] = job->request.command_line;
	return true;
}

static bool complete_request(struct job *job, struct error *err)
{
	job->request.image = &job->image;
	job->request.limits = range_intersect(job->wanted.limits, kexec_reach());
	job->request.now = fresh_counter();
	return make_command_line(job, err) &&
		fresh_entropy(job->request.entropy, sizeof job->request.entropy, err);
}

/* The plan, or the running kernel, reads all that is loaded, which takes long where a disk is slow. */
static void read_ahead(struct job *job)
{
	struct reading reading = { .to = &job->wanted.watch };

	reading.step = "reading the kernel";
	reading.files = &job->request.kernel;
	reading.count = 1;
	reading_ahead(&reading);
	reading.step = "reading the initrd";
	reading.files = job->request.initrds;
	reading.count = job->request.initrd_count;
	reading_ahead(&reading);
}

static bool make_plan(struct job *job, struct error *err)
{
	const struct arch_ops *arch = arch_find(job->machine.arch);

	if (!arch)
		return fail(err, FAULT_MACHINE_UNSUPPORTED, "jumps from %s are not supported",
			cpu_arch_name(job->machine.arch));
	job_step(job, "planning the load", job->wanted.kernel, 0, 0);
	direct_gather(job, arch);
	if (!complete_line(job, err))
		return false;
	/*
	 * The memory reserved for a crash kernel is scarce: an initrd lies there as it was packed.
	 */
	if (!job->wanted.crash)
		initrd_policy_apply(job, plan_choose_call(arch, &job->machine, &job->request));
	read_ahead(job);
	if (!plan_make(arch, &job->machine, &job->request, &job->arena, &job->plan, err) &&
		(!initrd_policy_undo(job, err) ||
			!plan_make(
				arch, &job->machine, &job->request, &job->arena, &job->plan, err)))
		return false;
	job->lines[LINE_PLANNED] = job->plan.command_line;
	if (!initrd_check_packing(job, err))
		return false;
	return job->plan.call == CALL_FILE_LOAD ? inputs_join(job, err) : true;
}

/*
 * In this order: what the running kernel lacks is told before the kernel is unpacked, which takes seconds
 * and is in vain where nothing can be loaded.
 */
static const struct {
	enum job_part part;
	unsigned needs; /* the parts that must be done */
	bool (*run)(struct job *job, struct error *err);
} steps[] = {
	{ JOB_KERNEL, 0, inputs_open_kernel },
	{ JOB_MACHINE, 0, read_machine },
	{ JOB_PERMITTED, JOB_MACHINE, require_calls },
	{ JOB_ADMITTED, JOB_KERNEL, inputs_admit_kernel },
	{ JOB_IMAGE, JOB_KERNEL | JOB_ADMITTED, inputs_read_kernel },
	{ JOB_LAYERS, JOB_IMAGE | JOB_MACHINE, layers_open },
	{ JOB_REST, 0, inputs_open_rest },
	{ JOB_INITRDS, JOB_LAYERS | JOB_REST, initrd_check_headers },
	{ JOB_TREE, JOB_LAYERS, device_tree_gather },
	{ JOB_REQUEST, JOB_LAYERS, complete_request },
	{ JOB_WATCHDOG, JOB_REQUEST, choose_watchdog },
	{ JOB_PLAN, JOB_LAYERS | JOB_REST | JOB_TREE | JOB_REQUEST | JOB_WATCHDOG, make_plan },
	{ JOB_CONTENTS, JOB_INITRDS | JOB_PLAN, initrd_check_contents },
};

enum { STEPS = sizeof steps / sizeof *steps };

/* Completes an error: what was done, and what a hint may still tell to do. Always false. */
static bool fail_load(const struct job *job, struct error *err)
{
	ways_close(&(struct ways_grounds){ .arch = arch_find(job->machine.arch),
			   .machine = &job->machine,
			   .request = &job->request,
			   .tried_load = job->tried_load,
			   .tried_file_load = job->tried_file_load },
		err);
	return error_attempting(err, "load %s", job->wanted.kernel);
}

static void begin(struct job *job, const struct job_request *wanted)
{
	*job = (struct job){ .wanted = *wanted };
	job->request.asked = wanted->asked;
	job->notes.arena = &job->arena;
	checked_begin(job);
}

bool job_prepare(struct job *job, const struct job_request *wanted, struct error *err)
{
	begin(job, wanted);
	for (size_t i = 0; i < STEPS; i++) {
		if (!steps[i].run(job, err))
			return fail_load(job, err);
		job->done |= steps[i].part;
	}
	return true;
}

bool job_survey(struct job *job, const struct job_request *wanted, struct error *err)
{
	struct error first = { 0 };

	begin(job, wanted);
	for (size_t i = 0; i < STEPS; i++) {
		struct error next = { 0 };

		if (steps[i].part == JOB_PERMITTED ||
			(job->done & steps[i].needs) != steps[i].needs)
			continue;
		if (steps[i].run(job, &next))
			job->done |= steps[i].part;
		else if (first.fault == FAULT_NONE)
			first = next;
	}
	if (first.fault == FAULT_NONE)
		return true;
	*err = first;
	return fail_load(job, err);
}

/* Once: the refused call was the plan's own choice. */
static bool fall_back(
	struct job *job, enum kexec_call other, const struct error *refused, struct error *err)
{
	notes_add(&job->notes, "%s; falling back to %s", refused->reason, kexec_call_name(other));
	job->request.call = other;
	if (other == CALL_FILE_LOAD)
		job_watchdog_drop(job, refused->reason);
	else
		plan_tell_loss(&job->machine, &job->request, &job->notes);
	job->request.initrds = job->inputs;
	job->request.initrd_count = job->input_count;
	return make_plan(job, err);
}

/* What is loaded may be half old and half new, and must not be jumped into. Always false. */
static bool forget_damaged(
	const struct job *job, const struct kexec_calls *calls, struct error *err)
{
	struct error ignored;

	if (!kexec_unload(calls, job->wanted.crash, &job->machine.kexec, &ignored))
		return error_prefix(err, "a damaged kernel is loaded now, since ");
	return error_append(err, "; nothing is loaded now");
}

static bool load_held(
	struct job *job, const struct kexec_calls *calls, bool held, struct error *err)
{
	job->tried_load |= job->plan.call == CALL_LOAD;
	job->tried_file_load |= job->plan.call == CALL_FILE_LOAD;
	if (!kexec_load_plan(calls, &job->plan, &job->machine.kexec, err))
		return false;
	return held || inputs_check(job, err) || forget_damaged(job, calls, err);
}

static bool load_and_check(struct job *job, const struct kexec_calls *calls, struct error *err)
{
	bool held, done;

	job_step(job, "loading the kernel", job->wanted.kernel, 0, 0);
	done = inputs_hold(job, &held, err) && load_held(job, calls, held, err);
	inputs_release(job);
	return done;
}

static bool load_layers(struct job *job, const struct kexec_calls *calls, struct error *err)
{
	while (!load_and_check(job, calls, err))
		if (!layers_take_off(job, err))
			return layers_explain(job, err);
	return true;
}

/*
 * The running kernel may have room for an initrd as it was given where it had none for what was
 * made of it.
 */
static bool load_as_given(struct job *job, const struct kexec_calls *calls, struct error *err)
{
	return initrd_policy_undo(job, err) && make_plan(job, err) && load_layers(job, calls, err);
}

bool job_load(struct job *job, const struct kexec_calls *calls, struct error *err)
{
	struct error refused = { 0 };
	enum kexec_call other;

	if (load_layers(job, calls, &refused) || load_as_given(job, calls, &refused))
		return true;
	if (plan_fall_back(&job->plan, &job->machine, refused.errnum, &other)) {
		if (fall_back(job, other, &refused, err) && load_layers(job, calls, err))
			return true;
	} else {
		*err = refused;
	}
	return fail_load(job, err);
}

void job_free(struct job *job)
{
	initrd_policy_close(job);
	ready_close(job);
	next_config_close(job);
	layers_close(job);
	inputs_close(job);
	arena_free(&job->arena);
}
