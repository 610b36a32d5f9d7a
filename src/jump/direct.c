/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/direct.h"

#include "base/arith.h"
#include "jump/holding.h"
#include "jump/load-costs.h"
#include "jump/reading.h"
#include "jump/ready.h"
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

/* What is unpacked: the payload, or what is kept of it. */
struct packed {
	const struct codec *codec;
	struct view bytes;
	uint64_t size; /* that it says it unpacks to */
};

static struct packed packed_of(const struct bzimage *image)
{
	return (struct packed){ image->payload_codec, image->payload,
		unpacked_size(image->payload) };
}

static struct packed packed_ready(const struct ready_form *form)
{
	return (struct packed){ codec_by_name("lz4-legacy"), form->payload, form->unpacked };
}

static bool check_size(const struct job *job, const struct packed *packed, struct error *err)
{
	const uint64_t available = job->machine.memory_available, size = packed->size;
	uint64_t wanted = size;

	if (size < packed->bytes.n / 2 || size > image_unpack_limit(packed->bytes.n))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its payload of %zu bytes says that it unpacks to %llu", packed->bytes.n,
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

static bool unpack(const struct packed *packed, struct sink *sink, struct error *err)
{
	uint64_t used;

	if (!codec_unpack(packed->codec, packed->bytes, sink, &used, err))
		return error_prefix(err, "%s: ", packed->codec->name);
	if (sink->taken != packed->size)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its payload unpacks to %llu bytes, it says %llu",
			(unsigned long long)sink->taken, (unsigned long long)packed->size);
	return true;
}

static bool gather(struct job *job, const struct arch_ops *arch, const struct packed *packed,
	struct error *err)
{
	struct preparation p = { .arch = arch, .request = &job->request };
	const struct input input = { job->wanted.kernel, packed->bytes, -1 };
	struct reading reading = { .to = &job->wanted.watch,
		.step = "unpacking the kernel's payload",
		.files = &input,
		.count = 1 };
	/* Its matches lie far behind, by zstd in all of it, and relocations anywhere. */
	const struct space_wanted wanted = { packed->size, holding_room(job), .large = true };
	struct space space;

	if (!check_size(job, packed, err) || !space_begin(wanted, &space, err))
		return false;
	job_step(job, "unpacking the kernel's payload", job->wanted.kernel, 0, packed->bytes.n);
	reading_begin(&reading);
	reading_ahead(&reading);
	space.sink.watch = &reading.watch;
	if (!unpack(packed, &space.sink, err) || !move(&p, &space, err)) {
		space_drop(&space);
		return false;
	}
	if (!space_finish(&space, job->wanted.kernel, &job->vmlinux, err))
		return false;
	job_step(job, "unpacking the kernel's payload", job->wanted.kernel, packed->bytes.n,
		packed->bytes.n);
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
static const char *aim_obstacle(const struct job *job, uint64_t ready)
{
	const struct bzimage *image = &job->image.bzimage;
	const struct unpacking facts = {
		.codec = image->payload_codec ? image->payload_codec->name : "",
		.packed = image->payload.n,
		.unpacked = unpacked_size(image->payload),
		.ready = ready,
		.check = load_check(job, CALL_LOAD),
		.copies = load_copies(&job->machine),
		.in_outage = job->wanted.aim.shorten == SHORTEN_OUTAGE,
		.is_held = job->wanted.aim.is_held,
		.hold = holding_wanted(job),
	};

	return unpacking_ahead_obstacle(&facts);
}

/* A file without a payload (memtest86+) does not unpack itself. */
static bool has_payload(const struct job *job, const struct arch_ops *arch)
{
	return job->wanted.direct != DIRECT_OFF && arch && arch->direct_obstacle &&
		job->image.format == IMAGE_BZIMAGE && job->image.arch == arch->arch &&
		job->image.bzimage.payload.n > 0 && job->request.entry_point == ENTRY_POINT_AUTO &&
		plan_choose_call(arch, &job->machine, &job->request) == CALL_LOAD;
}

/* Never a failure: without it the kernel is what it is. */
static void gather_ready(struct job *job, const struct arch_ops *arch)
{
	const struct ready_form *form = ready_kernel(job);
	struct packed packed;
	struct error err;

	job->packed_kernel = aim_obstacle(job, form ? form->payload.n : 0);
	if (!form || job->packed_kernel || job->vmlinux.bytes.p)
		return;
	packed = packed_ready(form);
	if (gather(job, arch, &packed, &err)) {
		notes_add(&job->notes, "%s: unpacked from the %.1f MB that are kept ready of it",
			job->wanted.kernel, (double)packed.bytes.n / 1e6);
		return;
	}
	notes_add(&job->notes, "what is kept ready of the kernel is not used: %s", err.reason);
	ready_drop_kernel(job);
	job->packed_kernel = aim_obstacle(job, 0);
}

void direct_gather(struct job *job, const struct arch_ops *arch)
{
	const struct packed packed = packed_of(&job->image.bzimage);
	const char *obstacle;
	struct error err = { 0 };

	job->request.direct = NULL;
	if (!has_payload(job, arch))
		return;
	obstacle = arch->direct_obstacle(&job->machine, &job->request);
	if (obstacle) {
		note_why_not(job, obstacle);
		return;
	}
	gather_ready(job, arch);
	if (job->packed_kernel)
		return;
	if (!job->vmlinux.bytes.p && !gather(job, arch, &packed, &err)) {
		note_why_not(job, err.reason);
		return;
	}
	job->request.direct = &job->direct;
}

uint64_t direct_unpacked_size(const struct image *image)
{
	return image->format == IMAGE_BZIMAGE ? unpacked_size(image->bzimage.payload) : 0;
}

bool direct_is_worth_keeping(struct job *job, const struct arch_ops *arch)
{
	const struct ready_form *form = ready_kernel(job);
	const uint64_t unpacked = unpacked_size(job->image.bzimage.payload);
	/* As such kernels usually are, where none is there to be asked. */
	const uint64_t guess = unpacked / initrd_codec_rate("lz4-legacy")->percent * 100;

	return has_payload(job, arch) && !arch->direct_obstacle(&job->machine, &job->request) &&
		!aim_obstacle(job, form ? form->payload.n : guess);
}
