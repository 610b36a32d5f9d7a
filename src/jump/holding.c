/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/holding.h"

#include "base/arith.h"

/* What waits for weeks must not be missed: 64 MiB of 2 GiB. */
enum { USUAL_PART = 32 };

static unsigned long long mib(uint64_t bytes)
{
	return bytes / MiB(1) + (bytes % MiB(1) != 0);
}

bool holding_admit(struct job *job, const struct file *file, struct error *err)
{
	const uint64_t ram = ranges_total(&job->machine.ram);
	uint64_t given;

	if (!ck_add(job->given_bytes, file->bytes.n, &given))
		given = UINT64_MAX;
	if (ram && given > ram && job->given_bytes)
		return fail(err, FAULT_FIT_MEMORY,
			"the file has %llu MiB, those before it have %llu MiB, and the machine has %llu "
			"MiB of memory",
			mib(file->bytes.n), mib(job->given_bytes), mib(ram));
	if (ram && given > ram)
		return fail(err, FAULT_FIT_MEMORY,
			"the file has %llu MiB, and the machine has %llu MiB of memory",
			mib(file->bytes.n), mib(ram));
	job->given_bytes = given;
	return true;
}

uint64_t holding_made(const struct job *job)
{
	uint64_t sum = job->unpacked.bytes.n + job->vmlinux.bytes.n + job->joined.bytes.n;

	for (size_t i = 0; i < JOB_LAYERS_MAX; i++)
		sum += job->layers[i].file.bytes.n;
	for (size_t i = 0; job->decisions && i < job->input_count; i++)
		sum += job->decisions[i].made.bytes.n;
	return sum;
}

uint64_t holding_copies(const struct job *job)
{
	return job->plan.call == CALL_LOAD ? job->given_bytes : 0;
}

uint64_t holding_verified(const struct job *job)
{
	const struct image *image = &job->image;
	uint64_t sum = job->request.kernel.bytes.n;

	if (image->format == IMAGE_BZIMAGE && image->bzimage.init_size > sum)
		sum = image->bzimage.init_size;
	for (size_t i = 0; i < job->request.initrd_count; i++)
		sum += job->request.initrds[i].bytes.n;
	return sum;
}

/* kexec_file_load reads both files into buffers of its own before it makes segments of them. */
uint64_t holding_loaded(const struct job *job)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < job->plan.segment_count; i++)
		sum += job->plan.segments[i].mem.size;
	if (job->plan.call != CALL_FILE_LOAD)
		return sum;
	sum = holding_verified(job) + job->request.kernel.bytes.n;
	for (size_t i = 0; i < job->request.initrd_count; i++)
		sum += job->request.initrds[i].bytes.n;
	return sum;
}

uint64_t holding_room(const struct job *job)
{
	const uint64_t available = job->machine.memory_available, made = holding_made(job);

	if (!available)
		return UINT64_MAX;
	return available > made ? available - made : 0;
}

uint64_t holding_wanted(const struct job *job)
{
	const uint64_t hold = job->wanted.aim.hold;

	return hold == HOLD_USUAL ? ranges_total(&job->machine.ram) / USUAL_PART : hold;
}

bool holding_begin(const struct job *job, const char *name, uint64_t limit, struct memfd *ret,
	struct error *err)
{
	if (!memfd_begin(name, limit, ret, err))
		return false;
	ret->room = holding_room(job);
	return true;
}
