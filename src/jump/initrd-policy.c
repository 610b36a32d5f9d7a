/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/initrd-policy.h"

#include <string.h>

#include "base/fields.h"
#include "initrd/repack.h"
#include "jump/holding.h"
#include "jump/load-costs.h"
#include "jump/next-config.h"
#include "jump/reading.h"
#include "jump/ready.h"
#include "machine/config.h"
#include "sys/memfd.h"
#include "sys/space.h"

/* Each try adds to what is known of one form; more of them than forms lead nowhere. */
enum { TRIES_MAX = 4 };

/*
 * The file in memory and the segment; the running kernel reads a file of kexec_file_load into a
 * buffer first, and takes several only as one more file.
 */
static unsigned holders_of(const struct job *job, enum kexec_call call)
{
	if (call != CALL_FILE_LOAD)
		return 2;
	return job->input_count > 1 ? 4 : 3;
}

static void read_config(struct job *job, struct initrd_facts *facts)
{
	const struct next_config *config = next_config(job);

	if (!config)
		return;
	facts->unpacks_lz4 = kernel_config_answer(config->text, "CONFIG_RD_LZ4") == ANSWER_YES;
	facts->unpacks_zstd = kernel_config_answer(config->text, "CONFIG_RD_ZSTD") == ANSWER_YES;
}

static uint64_t hold_after(uint64_t hold, uint64_t held)
{
	return hold > held ? hold - held : 0;
}

/* The kernel comes first: unpacked where it was worth that, else as it is. */
static uint64_t hold_beside_kernel(const struct job *job)
{
	const struct view *kernel =
		job->request.direct ? &job->vmlinux.bytes : &job->request.kernel.bytes;

	return hold_after(holding_wanted(job), kernel->n);
}

/* What holds for all initrds of the job. */
static struct initrd_facts common_facts(struct job *job, enum kexec_call call)
{
	struct initrd_facts facts = {
		.wish = job->wanted.initrd_form,
		.check = load_check(job, call),
		.copies = load_copies(&job->machine),
		.holders = holders_of(job, call),
		.memory_available = job->machine.memory_available,
		/* The unpacked kernel, and its segment. */
		.memory_spent = 2 * (job->vmlinux.bytes.n + job->unpacked.bytes.n),
		.machine_ram = ranges_total(&job->machine.ram),
		.in_outage = job->wanted.aim.shorten == SHORTEN_OUTAGE,
		.is_held = job->wanted.aim.is_held,
		.hold_left = hold_beside_kernel(job),
	};

	read_config(job, &facts);
	return facts;
}

/* A file that is packed in this form is meant for a kernel that unpacks it. */
static void learn_from_parts(struct initrd_facts *facts)
{
	for (size_t i = 0; i < facts->part_count; i++) {
		facts->unpacks_lz4 |= strcmp(facts->parts[i].codec, "lz4-legacy") == 0;
		facts->unpacks_zstd |= strcmp(facts->parts[i].codec, "zstd") == 0;
	}
}

static struct initrd_facts facts_of(const struct initrd *given, const struct initrd_facts *common)
{
	struct initrd_facts facts = *common;

	initrd_policy_describe(given, &facts);
	learn_from_parts(&facts);
	return facts;
}

struct initrd_facts initrd_policy_facts(struct job *job, size_t index, enum kexec_call call)
{
	const struct initrd_facts common = common_facts(job, call);

	return facts_of(&job->given[index], &common);
}

static bool check_raw(const struct initrd *given, const struct file *raw, struct error *err)
{
	struct initrd after = initrd_parse(raw->bytes);

	if (initrd_raw_is_faithful(given, &after))
		return true;
	return fail(err, FAULT_IMAGE_UNKNOWN, "the next kernel would read its content otherwise");
}

/* One initrd on its way into another form. */
struct rewriting {
	struct repack_request wanted;
	struct initrd_part parts[INITRD_ARCHIVES_MAX];
	size_t count;
};

/* Where a call reads the bytes themselves. */
static bool make_bytes(struct rewriting *r, struct initrd_decision *decision, struct error *err)
{
	const uint64_t most = decision->choice.made_max;
	struct space space;

	if (!space_begin((struct space_wanted){ most, most }, &space, err))
		return false;
	if (!initrd_repack(&r->wanted, &space.sink, r->parts, &r->count, err)) {
		space_drop(&space);
		return false;
	}
	return space_finish(&space, decision->given.name, &decision->made, err);
}

/* Where it reads a file. */
static bool make_file(struct rewriting *r, struct initrd_decision *decision, struct error *err)
{
	struct memfd memfd;

	if (!memfd_begin("initrd", decision->choice.made_max, &memfd, err))
		return false;
	if (!initrd_repack(&r->wanted, &memfd.sink, r->parts, &r->count, err)) {
		memfd_drop(&memfd);
		return false;
	}
	return memfd_finish(&memfd, decision->given.name, &decision->made, err);
}

/* Fills decision->made. */
static bool rewrite(const struct job *job, struct initrd_decision *decision, struct error *err)
{
	const struct initrd_choice *choice = &decision->choice;
	const struct input *given = &decision->given;
	struct reading reading = {
		.to = &job->wanted.watch, .step = "rewriting the initrd", .files = given, .count = 1
	};
	struct rewriting r = { .wanted = { given->bytes, choice->form, choice->unpacked_max,
				       &reading.watch } };

	reading_begin(&reading);
	reading_ahead(&reading);
	if (!(decision->is_for_file ? make_file : make_bytes)(&r, decision, err))
		return false;
	if (choice->form == INITRD_RAW && !check_raw(decision->content, &decision->made, err)) {
		file_close(&decision->made);
		return false;
	}
	memcpy(decision->facts.parts, r.parts, r.count * sizeof r.parts[0]);
	decision->facts.part_count = r.count;
	return true;
}

static void note_failure(
	struct job *job, const struct initrd_decision *decision, const struct error *err)
{
	if (err->fault == FAULT_IMAGE_UNKNOWN && decision->facts.wish == INITRD_AUTO)
		return;
	notes_add(&job->notes, "%s is not rewritten as %s: %s", decision->given.name,
		initrd_form_name(decision->choice.form), err->reason);
}

/* True when the form was made and its true sizes still speak for it. */
static bool try_form(struct job *job, struct initrd_decision *decision)
{
	static const char step[] = "rewriting the initrd";
	struct initrd_facts *facts = &decision->facts;
	enum initrd_form form = decision->choice.form;
	bool made;
	struct error err;

	job_step(job, step, decision->given.name, 0, decision->given.bytes.n);
	made = rewrite(job, decision, &err);
	job_step(job, step, decision->given.name, decision->given.bytes.n, decision->given.bytes.n);
	if (!made)
		note_failure(job, decision, &err);
	facts->made[form] = made ? decision->made.bytes.n : UINT64_MAX;
	facts->understood &= made || err.fault == FAULT_COMPRESSION_BOMB;
	decision->choice = initrd_policy_choose(facts);
	if (made && decision->choice.form == form)
		return true;
	file_close(&decision->made);
	return false;
}

static void settle(struct job *job, struct initrd_decision *decision)
{
	/* The machine is another one: its numbers decide, but nothing is made here. */
	int tries = job->wanted.root ? 0 : TRIES_MAX;

	decision->choice = initrd_policy_choose(&decision->facts);
	while (decision->choice.form != INITRD_KEEP && tries-- > 0)
		if (try_form(job, decision))
			return;
	if (!job->wanted.root)
		decision->choice.form = INITRD_KEEP;
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

static void note_change(struct job *job, const struct initrd_decision *decision, uint64_t loaded)
{
	const struct initrd_choice *choice = &decision->choice;
	bool raw = choice->form == INITRD_RAW;
	uint64_t kept = choice->ns[INITRD_KEEP], now = choice->ns[choice->form];
	uint64_t ms = (kept > now ? kept - now : now - kept) / 1000000;

	notes_add(&job->notes, "%s: %s %.1f MB %s%s to %.1f MB: %s about %llu ms %s",
		decision->given.name,
		decision->facts.part_count == 1 ? decision->facts.parts[0].codec : "compressed",
		megabytes(decision->given.bytes.n),
		raw                          ? "unpacked"
			: decision->is_ready ? "kept ready, packed by "
					     : "packed again by ",
		raw ? "" : initrd_form_name(choice->form), megabytes(loaded),
		kept > now ? "saves" : "costs", (unsigned long long)ms,
		decision->facts.in_outage ? "of load and blackout" : "of blackout");
}

static bool is_changed(const struct initrd_decision *decision)
{
	return decision->is_ready || decision->made.bytes.p;
}

/* What is kept ready needs no making. */
static void take_ready(
	struct job *job, struct initrd_decision *decision, const struct ready_form *ready)
{
	struct initrd_facts *facts = &decision->facts;

	facts->ready_lz4 = ready->payload.n;
	if (facts->part_count == 1)
		facts->parts[0].unpacked = ready->unpacked;
	decision->choice = initrd_policy_choose(facts);
	decision->is_ready = decision->choice.form == INITRD_LZ4;
	if (!decision->is_ready)
		facts->ready_lz4 = 0;
	else
		job_step(job, "taking what is kept ready", decision->given.name, 0, 0);
}

static void decide(
	struct job *job, size_t index, const struct initrd_facts *common, enum kexec_call call)
{
	struct initrd_decision *decision = &job->decisions[index];
	struct input *input = &job->inputs[index];
	const struct ready_form *ready = call == CALL_LOAD ? ready_initrd(job, index) : NULL;

	*decision = (struct initrd_decision){ .given = *input,
		.content = &job->given[index],
		.facts = facts_of(&job->given[index], common),
		.is_for_file = call == CALL_FILE_LOAD };
	if (ready)
		take_ready(job, decision, ready);
	if (decision->is_ready)
		*input = (struct input){ input->name, ready->payload, -1 };
	else
		settle(job, decision);
	if (decision->made.bytes.p)
		*input = (struct input){ input->name, decision->made.bytes, decision->made.fd };
	if (is_changed(decision))
		note_change(job, decision, input->bytes.n);
	if (decision->choice.refused)
		notes_add(&job->notes,
			"%s: " FIELD_INITRD_RECOMPRESS " %s is not followed, since %s", input->name,
			initrd_form_name(common->wish), decision->choice.reason);
}

void initrd_policy_apply(struct job *job, enum kexec_call call)
{
	struct initrd_facts common;

	if (job->decisions || !job->input_count)
		return;
	job->decisions = arena_alloc_array(&job->arena, job->input_count, sizeof *job->decisions);
	common = common_facts(job, call);
	for (size_t i = 0; job->decisions && i < job->input_count; i++) {
		decide(job, i, &common, call);
		common.memory_spent += job->decisions[i].made.bytes.n * common.holders;
		if (job->decisions[i].is_ready)
			common.memory_spent += job->inputs[i].bytes.n;
		common.hold_left = hold_after(common.hold_left, job->inputs[i].bytes.n);
	}
}

bool initrd_policy_undo(struct job *job, const struct error *why)
{
	bool changed = false,
	     may_help = fault_class(why->fault) == CLASS_FIT || why->fault == FAULT_NO_MEMORY ||
		why->fault == FAULT_KERNEL_NO_MEMORY || why->fault == FAULT_KERNEL_FILE_SIZE;

	for (size_t i = 0; may_help && job->decisions && i < job->input_count; i++) {
		struct initrd_decision *decision = &job->decisions[i];

		if (!is_changed(decision))
			continue;
		file_close(&decision->made);
		decision->is_ready = false;
		decision->choice.form = INITRD_KEEP;
		decision->choice.reason = "the load failed otherwise";
		job->inputs[i] = decision->given;
		changed = true;
	}
	if (!changed)
		return false;
	ready_drop_initrds(job);
	file_close(&job->joined);
	job->request.initrds = job->inputs;
	job->request.initrd_count = job->input_count;
	notes_add(
		&job->notes, "the initrds are loaded as they are after all, since %s", why->reason);
	return true;
}

const struct input *initrd_policy_given(const struct job *job, size_t index)
{
	const struct initrd_decision *decision = job->decisions ? &job->decisions[index] : NULL;

	return decision && decision->given.name ? &decision->given : &job->inputs[index];
}

const struct file *initrd_policy_file(const struct job *job, size_t index)
{
	const struct input *given = initrd_policy_given(job, index);

	for (size_t i = 0; i < job->wanted.initrd_count; i++)
		if (job->initrds[i].bytes.p && job->initrds[i].bytes.p == given->bytes.p)
			return &job->initrds[i];
	return NULL;
}

void initrd_policy_close(struct job *job)
{
	for (size_t i = 0; job->decisions && i < job->input_count; i++)
		file_close(&job->decisions[i].made);
}
