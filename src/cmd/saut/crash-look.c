/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Brings together what crash knows of memory and what a job knows of files. */
#include "base/arith.h"
#include "cmd/saut/crash-status.h"
#include "jump/load-sizes.h"
#include "system/crash-target.h"

static const char *reason_of(const struct error *err, struct arena *arena)
{
	const char *reason = arena_string(arena, view_of_string(err->reason));

	return reason ? reason : "out of memory";
}

/* Some of the RAM is the firmware's, and is meant where distributions speak of it. */
static uint64_t as_sold(uint64_t ram)
{
	const uint64_t step = MiB(128);

	return (ram + step - 1) / step * step;
}

static void look_at_memory(struct system *system, struct crash_seen *seen)
{
	struct machine machine;
	struct error err;

	if (!machine_capture(system->source, &system->arena, &machine, &err)) {
		seen->machine_unknown = reason_of(&err, &system->arena);
		return;
	}
	seen->machine_unknown = machine.no_memory;
	seen->has_machine = !machine.no_memory;
	if (!seen->has_machine)
		return;
	seen->reserved = machine.crash;
	seen->ram = as_sold(ranges_total(&machine.ram));
	seen->usual = crash_usual_reserve(machine.arch, seen->ram, machine.page_size);
	/* What /sys tells leaves out low memory on older kernels. */
	seen->facts.reserved = ranges_total(&machine.crash);
	seen->facts.is_reserved_known = true;
}

/* What of the job fails is unknown; of another machine's no file may be there. */
static void measure(
	struct system *system, const struct job_request *request, struct crash_seen *seen)
{
	struct load_sizes sizes;
	struct error err;
	struct job job;

	(void)!job_survey(&job, request, &err);
	sizes = load_sizes_of(&job);
	if (!sizes.kernel)
		seen->unfound = reason_of(&err, &system->arena);
	else
		seen->needs = crash_needs_sum(
			&(struct crash_load_sizes){ sizes.kernel, sizes.initrds, sizes.unpacked,
				sizes.has_unpacked, seen->facts.header },
			seen->facts.reserved);
	job_free(&job);
}

static void look_at_needs(struct system *system, struct crash_seen *seen)
{
	struct crash_target target;
	struct job_request again;
	struct error err;

	if (!system->root && !system->look.snapshot.live)
		seen->unfound = "a captured machine has none of its files";
	else if (seen->loaded.has_record &&
		crash_target_again(system, &seen->loaded.of, &again, &err)) {
		seen->kernel = seen->loaded.of.kernel;
		measure(system, &again, seen);
	} else if (crash_target_find(system, NULL, &target, &err)) {
		seen->kernel = target.kernel;
		measure(system, &target.job, seen);
	} else {
		seen->unfound = reason_of(&err, &system->arena);
	}
}

enum answer crash_seen_fits(const struct crash_seen *seen)
{
	if (!seen->needs.is_known || !seen->facts.is_reserved_known)
		return ANSWER_UNKNOWN;
	return seen->needs.total <= seen->facts.reserved ? ANSWER_YES : ANSWER_NO;
}

bool crash_look(struct system *system, struct crash_seen *ret, struct error *err)
{
	struct crash_seen seen = { 0 };

	if (!crash_facts_read(system->source, &system->arena, &seen.facts, err) ||
		!dump_find_last(system->source, &system->arena, &seen.last, err))
		return false;
	seen.loaded = loaded_crash_find(system->source, seen.facts.loaded, &system->arena);
	look_at_memory(system, &seen);
	look_at_needs(system, &seen);
	seen.recommended = crash_recommend(seen.usual, &seen.needs);
	*ret = seen;
	return true;
}
