/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/initrd-check.h"

#include <string.h>

#include "jump/checked.h"
#include "jump/holding.h"
#include "jump/next-config.h"
#include "jump/reading.h"
#include "jump/ready.h"
#include "machine/config.h"
#include "sys/space.h"

static const char checking[] = "checking the initrd";

static bool is_for_linux(const struct job *job)
{
	switch (job->image.format) {
	case IMAGE_BZIMAGE:
	case IMAGE_UIMAGE:
	case IMAGE_UKI:
	case IMAGE_ZBOOT:
	case IMAGE_POWERPC_ZIMAGE:
	case IMAGE_RAW:
	case IMAGE_ZIMAGE:
	case IMAGE_S390X:
		return true;
	case IMAGE_ELF:
		return job->image.version[0];
	case IMAGE_MULTIBOOT:
	case IMAGE_FOREIGN:
		break;
	}
	return false;
}

static void note_unchecked(struct job *job, const char *name, const struct error *err)
{
	notes_add(&job->notes, "the initrd %s is loaded unchecked: %s", name, err->reason);
}

bool initrd_refuse(struct job *job, const char *name, struct error *err)
{
	if (!job->wanted.initrd_unchecked)
		return error_prefix(err, "the initrd %s: ", name);
	note_unchecked(job, name, err);
	return true;
}

static struct initrd_verify_request request_for(
	const struct job *job, size_t index, enum initrd_depth depth)
{
	return (struct initrd_verify_request){
		.file = job->inputs[index].bytes,
		.depth = depth,
		.is_last = index + 1 == job->input_count,
	};
}

bool initrd_check_headers(struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->input_count && is_for_linux(job); i++) {
		struct initrd_verify_request wanted = request_for(job, i, DEPTH_HEADERS);
		struct initrd_verdict *verdict = &job->verdicts[i];
		const char *name = job->inputs[i].name;

		if (!initrd_verify(&wanted, verdict, err)) {
			/* It may be rewritten yet. */
			if (err->fault != FAULT_INITRD_PACKING && !initrd_refuse(job, name, err))
				return false;
		} else if (verdict->lacks_trailer) {
			notes_add(&job->notes,
				"the initrd %s ends without a trailer, as an archive may, but also "
				"one that is cut",
				name);
		}
	}
	return true;
}

/* Whoever rewrote it has unpacked all of it. */
static bool was_unpacked(const struct job *job, size_t index)
{
	return job->decisions &&
		(job->decisions[index].is_ready || job->decisions[index].made.bytes.p);
}

/* Half of the memory that is left, where that is known, makes it faster. */
static struct space scratch_for(const struct job *job)
{
	const uint64_t room = holding_room(job);

	return space_scratch(room == UINT64_MAX ? 0 : room / 2);
}

/* *ret_is_whole is false where even unpacking has not told. */
static bool unpack(struct job *job, size_t index, bool *ret_is_whole, struct error *err)
{
	struct initrd_verify_request wanted = request_for(job, index, DEPTH_ALL);
	struct reading reading = {
		.to = &job->wanted.watch, .step = checking, .files = &job->inputs[index], .count = 1
	};
	struct space scratch = scratch_for(job);
	struct initrd_verdict verdict;
	bool done;

	reading_begin(&reading);
	reading_ahead(&reading);
	wanted.watch = &reading.watch;
	wanted.scratch = &scratch.sink;
	done = initrd_verify(&wanted, &verdict, err);
	space_drop(&scratch);
	if (done)
		*ret_is_whole = !verdict.needs_unpacking;
	return done;
}

bool initrd_check_contents(struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->input_count && !job->wanted.initrd_unchecked; i++) {
		const struct input *input = &job->inputs[i];
		bool is_whole;

		if (!job->verdicts[i].needs_unpacking || was_unpacked(job, i) ||
			checked_before(job, i) || ready_initrd(job, i))
			continue;
		job_step(job, checking, input->name, 0, input->bytes.n);
		if (unpack(job, i, &is_whole, err)) {
			if (is_whole)
				checked_remember(job, i);
		} else {
			if (err->fault != FAULT_CODEC_MISSING)
				return initrd_refuse(job, input->name, err);
			note_unchecked(job, input->name, err);
		}
		job_step(job, checking, input->name, input->bytes.n, input->bytes.n);
	}
	return true;
}

static bool follows_line_of(struct view text, const char *name)
{
	const uint8_t *found = memmem(text.p, text.n, name, strlen(name));
	const uint8_t *end = text.p + text.n, *line;

	line = found ? memchr(found, '\n', (size_t)(end - found)) : NULL;
	return line && line + 1 < end;
}

/*
 * Kconfig writes a line for each option that this version of Linux has, in their order: where zstd, the
 * youngest of them, has no line behind that of lz4, the kernel is older than that.
 */
static bool is_too_old(struct view text, enum initrd_packing packing)
{
	const char *before = initrd_packing_option(PACKING_LZ4);

	return packing == PACKING_ZSTD && kernel_config_stated(text, before) != ANSWER_UNKNOWN &&
		follows_line_of(text, before);
}

static bool packing_fails(const struct next_config *config, enum initrd_packing packing)
{
	switch (kernel_config_stated(config->text, initrd_packing_option(packing))) {
	case ANSWER_YES:
		return false;
	case ANSWER_NO:
		return true;
	case ANSWER_UNKNOWN:
		break;
	}
	return is_too_old(config->text, packing);
}

static bool check_options(
	struct job *job, size_t index, const struct initrd_verdict *verdict, struct error *err)
{
	const struct next_config *config = next_config(job);

	for (unsigned i = 0; config && i < PACKINGS; i++) {
		enum initrd_packing packing = (enum initrd_packing)i;

		if (!verdict->packed[i] || !packing_fails(config, packing))
			continue;
		fail(err, FAULT_INITRD_PACKING,
			"it is packed by %s, which the kernel does not unpack: %s has no %s=y",
			initrd_packing_name(packing), config->name, initrd_packing_option(packing));
		if (!initrd_refuse(job, job->inputs[index].name, err))
			return false;
	}
	return true;
}

/* For a captured machine it is only decided that it would be. */
static bool would_be_rewritten(const struct job *job, size_t index)
{
	return job->decisions && job->decisions[index].choice.form != INITRD_KEEP &&
		!job->decisions[index].is_ready && !job->decisions[index].made.bytes.p;
}

bool initrd_check_packing(struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->input_count && is_for_linux(job); i++) {
		struct initrd_verify_request wanted = request_for(job, i, DEPTH_HEADERS);
		struct initrd_verdict verdict = { 0 };

		if (would_be_rewritten(job, i))
			continue;
		/* What is damaged has been told. */
		if (!initrd_verify(&wanted, &verdict, err) && err->fault == FAULT_INITRD_PACKING &&
			!initrd_refuse(job, job->inputs[i].name, err))
			return false;
		if (!check_options(job, i, &verdict, err))
			return false;
	}
	return true;
}
