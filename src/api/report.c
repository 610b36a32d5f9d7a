/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the time of the last reboot went, as the public API tells of it: system/report.h under a caller's types. */
#include "api/object.h"

#include <stdlib.h>

#include "system/report.h"

/* What is told lives in the look's arena, or is part of it. */
struct reported {
	struct look look;
	struct report report;
	struct saut_times told;
};

void api_report_free(struct saut *saut)
{
	if (saut->reported)
		look_close(&saut->reported->look);
	free(saut->reported);
	saut->reported = NULL;
}

static const struct saut_moment *const *moments_of(struct reported *r)
{
	struct arena *arena = &r->look.arena;
	const struct saut_moment **list = arena_alloc_array(arena, MOMENTS + 1, sizeof *list);
	struct saut_moment *all = arena_alloc_array(arena, MOMENTS, sizeof *all);
	size_t count = 0;

	if (!list || !all)
		return NULL;
	for (unsigned i = 0; i < MOMENTS; i++) {
		const struct timeline_moment *m = &r->report.timeline.moments[i];

		if (m->clock == TIMELINE_NONE && !r->report.unknown[i])
			continue;
		all[count] = (struct saut_moment){ moment_name((enum moment)i),
			r->report.unknown[i], m->clock == TIMELINE_NONE ? 0 : m->us };
		list[count] = &all[count];
		count++;
	}
	return list;
}

static const struct saut_long *const *longest_of(struct reported *r, const struct longest *longest)
{
	struct arena *arena = &r->look.arena;
	const struct saut_long **list = arena_alloc_array(arena, longest->count + 1, sizeof *list);
	struct saut_long *all = arena_alloc_array(arena, LONGEST, sizeof *all);

	if (!list || !all)
		return NULL;
	for (size_t i = 0; i < longest->count; i++) {
		const struct long_one *one = &longest->items[i];

		all[i] = (struct saut_long){ one->name, one->us, one->begun_us };
		list[i] = &all[i];
	}
	return list;
}

static const char *const *notes_of(struct reported *r)
{
	const struct notes *notes = &r->report.timeline.notes;
	const char **list = arena_alloc_array(&r->look.arena, notes->count + 1, sizeof *list);

	for (size_t i = 0; list && i < notes->count; i++)
		list[i] = notes->items[i];
	return list;
}

static uint64_t known(struct own_time t)
{
	return t.is_known ? t.us : 0;
}

static bool tell(struct reported *r, struct error *err)
{
	static const enum saut_answer answers[] = {
		[ANSWER_UNKNOWN] = SAUT_UNKNOWN, [ANSWER_NO] = SAUT_NO, [ANSWER_YES] = SAUT_YES
	};
	const struct report *of = &r->report;

	r->told = (struct saut_times){
		.came_by_kexec = answers[of->arrival.by_kexec],
		.came_by_saut = of->arrival.by_saut,
		.record_unknown = of->record_unknown,
		.moments = moments_of(r),
		.is_joined = of->timeline.is_joined,
		.counter_khz = of->timeline.khz,
		.away_us = known(of->away),
		.firmware_us = known(of->firmware.firmware),
		.boot_loader_us = known(of->firmware.loader),
		.cold_away_us = of->has_cold ? known(of->cold.away) : 0,
		.saved_us = known(of->gain),
		.units = longest_of(r, &of->units),
		.initcalls = longest_of(r, &of->initcalls),
		.probes = longest_of(r, &of->probes),
		.notes = notes_of(r),
	};
	return (r->told.moments && r->told.units && r->told.initcalls && r->told.probes &&
		       r->told.notes) ||
		fail_no_memory(err);
}

static bool report(struct saut *saut)
{
	struct reported *r;

	api_report_free(saut);
	r = saut->reported = calloc(1, sizeof *r);
	if (!r)
		return fail_no_memory(&saut->error);
	if (look_open(saut->given.wanted.root, &r->look, &saut->error)) {
		r->report = report_make(&r->look.memory.source, &r->look.arena);
		if (tell(r, &saut->error))
			return true;
	}
	api_report_free(saut);
	return false;
}

enum saut_result saut_report(struct saut *saut, const struct saut_times **ret)
{
	saut->error = (struct error){ 0 };
	if (!report(saut)) {
		error_attempting(&saut->error, "report on the last reboot");
		return api_result(saut, false);
	}
	*ret = &saut->reported->told;
	return SAUT_DONE;
}
