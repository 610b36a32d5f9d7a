/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/ready-make.h"

#include "arch/registry.h"
#include "base/arith.h"
#include "codec/pack-sink.h"
#include "initrd/repack.h"
#include "jump/checked.h"
#include "jump/digests.h"
#include "jump/direct.h"
#include "jump/initrd-policy.h"
#include "jump/ready.h"
#include "sys/cache.h"

/* Of what is free: the usual part, and of what somebody allows. */
enum { USUAL_PART = 16, GIVEN_PART = 2 };

struct making {
	struct job *job;
	struct notes *notes;
	uint64_t left;                           /* bytes that may still be kept */
	const char *names[PLAN_INITRDS_MAX + 3]; /* of what is kept */
	size_t count;
};

/* One file on its way. */
struct one {
	const char *name;
	struct ready_form form;
	struct cache_file to;
};

static bool begin(struct making *m, const struct file *file, const char *of, struct one *ret,
	struct error *err)
{
	struct one one = { 0 };

	if (!digests_of(m->job, file, &one.form.source))
		return fail(err, FAULT_FILE_CHANGED, "%s has changed just now", file->path);
	one.name = ready_name(m->job, &one.form.source, of);
	if (!one.name)
		return fail_no_memory(err);
	if (!cache_begin(m->job->wanted.ready.folder, READY_HEADER, m->left, &one.to, err))
		return false;
	*ret = one;
	return true;
}

static bool finish(struct making *m, struct one *one, struct error *err)
{
	uint8_t header[READY_HEADER];
	const uint64_t size = one->to.sink.taken;

	/* Where it lies is not asked for. */
	one->form.payload = (struct view){ NULL, (size_t)size };
	ready_form_header(&one->form, &one->to.digest, header);
	if (!cache_keep(&one->to, one->name, header, err))
		return false;
	m->names[m->count++] = one->name;
	m->left -= min_u64(m->left, size + READY_HEADER);
	return true;
}

static void note_failure(struct making *m, const char *what, const struct error *err)
{
	notes_add(m->notes, "%s is not kept ready: %s", what,
		err->fault == FAULT_COMPRESSION_BOMB
			? "it would take too much of what is free on its disk"
			: err->reason);
}

static void keep(struct making *m, const struct ready_form *form, const char *of)
{
	const char *name = ready_name(m->job, &form->source, of);

	if (!name)
		return;
	m->names[m->count++] = name;
	m->left -= min_u64(m->left, form->payload.n + READY_HEADER);
}

static bool pack_kernel(struct making *m, struct one *one, struct error *err)
{
	const struct bzimage *image = &m->job->image.bzimage;
	struct pack_sink pack;
	uint64_t used;
	bool done;

	if (!pack_sink_begin(PACK_LZ4_LEGACY, &one->to.sink, image_unpack_limit(image->payload.n),
		    &pack, err))
		return false;
	done = codec_unpack(image->payload_codec, image->payload, &pack.sink, &used, err) &&
		pack_sink_end(&pack, err);
	one->form.unpacked = pack.sink.taken;
	pack_sink_free(&pack);
	return done;
}

static bool make_kernel(struct making *m, struct error *err)
{
	struct one one;

	if (!begin(m, &m->job->kernel, READY_OF_KERNEL, &one, err))
		return false;
	one.form.kind = READY_KERNEL;
	if (!pack_kernel(m, &one, err)) {
		cache_drop(&one.to);
		return false;
	}
	return finish(m, &one, err);
}

static void see_to_kernel(struct making *m)
{
	struct job *job = m->job;
	const struct ready_form *form = ready_kernel(job);
	struct error err;

	if (!direct_is_worth_keeping(job, arch_find(job->machine.arch)))
		return;
	if (form)
		keep(m, form, READY_OF_KERNEL);
	else if (!make_kernel(m, &err))
		note_failure(m, job->wanted.kernel, &err);
}

static bool pack_initrd(struct making *m, size_t index, struct one *one, struct initrd_facts *facts,
	struct error *err)
{
	const struct repack_request wanted = { initrd_policy_given(m->job, index)->bytes,
		INITRD_LZ4, initrd_policy_choose(facts).unpacked_max, NULL };

	if (!initrd_repack(&wanted, &one->to.sink, facts->parts, &facts->part_count, err))
		return false;
	for (size_t i = 0; i < facts->part_count; i++)
		one->form.unpacked += facts->parts[i].unpacked;
	/* Known now, and guessed before. */
	facts->ready_lz4 = one->to.sink.taken;
	return true;
}

static bool make_initrd(
	struct making *m, size_t index, struct initrd_facts *facts, struct error *err)
{
	struct one one;

	if (!begin(m, initrd_policy_file(m->job, index), READY_OF_INITRD, &one, err))
		return false;
	one.form.kind = READY_INITRD;
	if (!pack_initrd(m, index, &one, facts, err)) {
		cache_drop(&one.to);
		return false;
	}
	if (initrd_policy_choose(facts).form == INITRD_LZ4)
		return finish(m, &one, err);
	cache_drop(&one.to);
	return true;
}

static void see_to_initrd(struct making *m, size_t index)
{
	const struct ready_form *form = ready_initrd(m->job, index);
	struct initrd_facts facts = initrd_policy_facts(m->job, index, CALL_LOAD);
	struct error err;

	facts.wish = INITRD_AUTO;
	facts.ready_lz4 = form ? form->payload.n : initrd_policy_size(&facts, INITRD_LZ4);
	if (initrd_policy_choose(&facts).form != INITRD_LZ4)
		return;
	if (form)
		keep(m, form, READY_OF_INITRD);
	else if (!make_initrd(m, index, &facts, &err))
		note_failure(m, initrd_policy_given(m->job, index)->name, &err);
}

static uint64_t may_be_kept(const char *folder, struct ready_room room)
{
	const struct cache_space space = cache_space(folder);
	const uint64_t all = space.available + space.held;

	if (room.is_given)
		return min_u64(room.most, all / GIVEN_PART);
	return space.is_memory ? 0 : all / USUAL_PART;
}

void ready_make(struct job *job, struct ready_room room, struct notes *notes)
{
	const char *folder = job->wanted.ready.folder;
	struct making m = { .job = job, .notes = notes, .names = { CHECKED_LASTING }, .count = 1 };

	m.left = may_be_kept(folder, room);
	if (job->plan.call == CALL_LOAD && m.left) {
		see_to_kernel(&m);
		for (size_t i = 0; i < job->input_count; i++)
			if (initrd_policy_file(job, i))
				see_to_initrd(&m, i);
	}
	cache_leave_only(folder, m.names);
}

void ready_forget(const char *folder)
{
	static const char *const none[] = { NULL };

	cache_leave_only(folder, none);
}
