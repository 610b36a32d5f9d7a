/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/direct.h"

#include "base/arith.h"
#include "jump/holding.h"
#include "jump/load-costs.h"
#include "jump/reading.h"
#include "jump/unpacking.h"
#include "sys/space.h"

/* The size of what is unpacked, appended by kbuild and, to the same effect, by gzip itself. */
enum { SIZE_WORD = 4 };

/* What the loader may take of the memory that is left: the rest holds what the kernel copies. */
enum { MEMORY_SHARE = 3 };

static uint64_t unpacked_size(struct view payload)
{
	struct reader r = reader_at(payload, payload.n - SIZE_WORD);

	return payload.n > SIZE_WORD ? reader_le32(&r) : 0;
}

static bool check_size(const struct job *job, uint64_t size, struct error *err)
{
	const uint64_t available = job->machine.memory_available;
	struct view payload = job->image.bzimage.payload;
	uint64_t wanted = size;

	if (size < payload.n / 2 || size > image_unpack_limit(payload.n))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its payload of %zu bytes says that it unpacks to %llu", payload.n,
			(unsigned long long)size);
	for (size_t i = 0; i < job->request.initrd_count; i++)
		wanted += job->request.initrds[i].bytes.n;
	if (wanted > available / MEMORY_SHARE)
		return fail(err, FAULT_NO_MEMORY,
			"to unpack it in advance takes up to %llu MiB of memory, %llu are "
			"available",
			(unsigned long long)(MEMORY_SHARE * wanted >> 20),
			(unsigned long long)(available >> 20));
	return true;
}

struct preparation {
	const struct arch_ops *arch;
	const struct request *request;
	struct direct direct;
};

/* In place, while it may be written to. */
static bool move(struct preparation *p, const struct space *space, struct error *err)
{
	struct view bytes = { space->p, (size_t)space->sink.taken };
	struct relocations relocations;

	if (!vmlinux_parse(bytes, &p->direct.kernel, err) ||
		!relocations_parse(&p->direct.kernel, &relocations, err))
		return false;
	p->direct.movable = relocations.present;
	if (!p->arch->direct_choose(p->request, &p->direct, err))
		return false;
	relocations_apply(&relocations, &p->direct.kernel, space->p, p->direct.offset);
	return true;
}

static bool unpack(const struct bzimage *image, uint64_t size, struct sink *sink, struct error *err)
{
	uint64_t used;

	if (!codec_unpack(image->payload_codec, image->payload, sink, &used, err))
		return error_prefix(err, "%s: ", image->payload_codec->name);
	if (sink->taken != size)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its payload unpacks to %llu bytes, it says %llu",
			(unsigned long long)sink->taken, (unsigned long long)size);
	return true;
}

static bool gather(struct job *job, const struct arch_ops *arch, struct error *err)
{
	struct preparation p = { .arch = arch, .request = &job->request };
	const struct bzimage *image = &job->image.bzimage;
	uint64_t size = unpacked_size(image->payload);
	const struct input packed = { job->wanted.kernel, image->payload, -1 };
	struct reading reading = { .to = &job->wanted.watch,
		.step = "unpacking the kernel's payload",
		.files = &packed,
		.count = 1 };
	struct space space;

	if (!check_size(job, size, err) ||
		!space_begin((struct space_wanted){ size, holding_room(job) }, &space, err))
		return false;
	job_step(job, "unpacking the kernel's payload", job->wanted.kernel, 0, image->payload.n);
	reading_begin(&reading);
	reading_ahead(&reading);
	space.sink.watch = &reading.watch;
	if (!unpack(image, size, &space.sink, err) || !move(&p, &space, err)) {
		space_drop(&space);
		return false;
	}
	if (!space_finish(&space, job->wanted.kernel, &job->vmlinux, err))
		return false;
	job_step(job, "unpacking the kernel's payload", job->wanted.kernel, image->payload.n,
		image->payload.n);
	job->direct = p.direct;
	job->direct.kernel.bytes = job->vmlinux.bytes;
	return true;
}

static void note_why_not(struct job *job, const char *reason)
{
	notes_add(&job->notes, "the kernel unpacks itself on the way, which takes longer: %s",
		reason);
}

/* What it is loaded for may want it packed. Of a codec that nobody knows, unpacking says the rest. */
static const char *aim_obstacle(const struct job *job)
{
	const struct bzimage *image = &job->image.bzimage;
	const struct unpacking facts = {
		.codec = image->payload_codec ? image->payload_codec->name : "",
		.packed = image->payload.n,
		.unpacked = unpacked_size(image->payload),
		.check = load_check(job, CALL_LOAD),
		.copies = load_copies(&job->machine),
		.in_outage = job->wanted.aim.shorten == SHORTEN_OUTAGE,
		.is_held = job->wanted.aim.is_held,
		.hold = holding_wanted(job),
	};

	return unpacking_ahead_obstacle(&facts);
}

/* A file without a payload (memtest86+) does not unpack itself. */
void direct_gather(struct job *job, const struct arch_ops *arch)
{
	const char *obstacle;
	struct error err = { 0 };

	job->request.direct = NULL;
	if (job->wanted.direct == DIRECT_OFF || !arch->direct_obstacle ||
		job->image.format != IMAGE_BZIMAGE || job->image.arch != arch->arch ||
		job->image.bzimage.payload.n == 0 || job->request.entry_point != ENTRY_POINT_AUTO ||
		plan_choose_call(arch, &job->machine, &job->request) != CALL_LOAD)
		return;
	obstacle = arch->direct_obstacle(&job->machine, &job->request);
	if (obstacle) {
		note_why_not(job, obstacle);
		return;
	}
	job->packed_kernel = aim_obstacle(job);
	if (job->packed_kernel)
		return;
	if (!job->vmlinux.bytes.p && !gather(job, arch, &err)) {
		note_why_not(job, err.reason);
		return;
	}
	job->request.direct = &job->direct;
}
