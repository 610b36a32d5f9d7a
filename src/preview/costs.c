/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The expected blackout, by the figures of initrd/policy.h. */
#include "jump/direct.h"
#include "jump/holding.h"
#include "jump/initrd-policy.h"
#include "jump/load-costs.h"
#include "preview/parts.h"

const char *const preview_unmodelled[] = {
	"the drivers of the running kernel, which shut their devices down, and those of the next one, which find them again",
	"the next kernel's own start, and that of the services",
	"other machines: the figures were measured on one x86-64 server",
	NULL,
};

static void add(struct preview *preview, struct preview_cost cost)
{
	preview->costs[preview->cost_count++] = cost;
	preview->blackout_ns += cost.ns;
}

static bool is_by_file(const struct job *job)
{
	return job->plan.call == CALL_FILE_LOAD;
}

/* What is in the segments; the running kernel's own loader fills up what the next one needs by zeros. */
static uint64_t loaded_bytes(const struct job *job)
{
	uint64_t sum = 0;

	if (is_by_file(job))
		return holding_verified(job);
	for (size_t i = 0; i < job->plan.segment_count; i++)
		sum += job->plan.segments[i].mem.size;
	return sum;
}

/* kexec_file_load's own check, which nothing switches off, is x86's alone. */
static bool is_verified(const struct job *job)
{
	return !is_by_file(job) || cpu_arch_is_x86(job->machine.arch);
}

static void add_moving(struct preview *preview)
{
	const struct job *job = preview->job;
	const struct initrd_rate *check = &initrd_check_rates[load_check(job, job->plan.call)];
	const uint64_t bytes = loaded_bytes(job);
	const unsigned copies = load_copies(&job->machine);

	add(preview,
		(struct preview_cost){ .name = "copying what is loaded to its place",
			.of = copies == 1 ? "each byte once" : "each byte three times",
			.bytes = bytes,
			.ns = initrd_work_ns(bytes, (uint64_t)copies * initrd_copy_rate.ns_per_mib),
			.source = initrd_copy_rate.source });
	if (is_verified(job))
		add(preview,
			(struct preview_cost){ .name = "verifying it",
				.of = check->name,
				.bytes = bytes,
				.ns = initrd_work_ns(bytes, check->ns_per_mib),
				.source = check->source });
}

/* A kernel that was unpacked before, or is not packed, does nothing of the kind. */
static void add_kernel(struct preview *preview)
{
	const struct job *job = preview->job;
	const uint64_t bytes = direct_unpacked_size(&job->image);
	const struct codec *codec = job->image.bzimage.payload_codec;
	const struct initrd_rate *rate = codec ? initrd_codec_rate(codec->name) : NULL;

	if (job->request.direct || !bytes)
		return;
	add(preview,
		(struct preview_cost){ .name = "the kernel unpacks itself",
			.of = rate ? rate->name : "a packing without a figure",
			.bytes = bytes,
			.ns = rate ? initrd_work_ns(bytes, rate->ns_per_mib) : 0,
			.source = rate ? rate->source : NULL });
}

static void add_initrds(struct preview *preview)
{
	const struct job *job = preview->job;
	struct preview_cost cost = { .name = "the next kernel unpacks the initrds" };
	bool is_known = true;

	for (size_t i = 0; job->decisions && i < job->input_count; i++) {
		const struct initrd_decision *decision = &job->decisions[i];

		cost.ns += initrd_unpack_ns(&decision->facts, decision->choice.form);
		is_known &= initrd_unpack_is_known(&decision->facts, decision->choice.form);
	}
	cost.of = is_known ? "by the packing of each" : "those whose packing has a figure";
	if (job->decisions && (cost.ns || !is_known))
		add(preview, cost);
}

void preview_costs(struct preview *preview)
{
	add_moving(preview);
	add_kernel(preview);
	add_initrds(preview);
}
