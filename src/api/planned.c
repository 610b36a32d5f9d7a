/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a plan is, as the public API tells of it, and the capture of a machine. */
#include "api/object.h"

#include "base/fields.h"
#include "preview/preview.h"
#include "system/capture.h"

_Static_assert((int)SAUT_USE_LOADED == (int)PREVIEW_LOADED &&
		(int)SAUT_USE_ROOM == (int)PREVIEW_ROOM &&
		(int)SAUT_USE_FREE == (int)PREVIEW_FREE &&
		(int)SAUT_USE_KEPT == (int)PREVIEW_KEPT &&
		(int)SAUT_USE_FIRMWARE == (int)PREVIEW_FIRMWARE,
	"the same uses");

/* In the library's words; NULL when memory is out, and where text is. */
static const char *spelled(struct arena *arena, const char *text)
{
	char own[1024];

	if (!text)
		return NULL;
	fields_spell(&api_field_names, text, own, sizeof own);
	return arena_string(arena, view_of_string(own));
}

/* Pointers to count things of size bytes, and NULL behind them; NULL when memory is out. */
static const void *point_at(struct arena *arena, const void *things, size_t count, size_t size)
{
	const void **pointers = arena_alloc_array(arena, count + 1, sizeof *pointers);

	for (size_t i = 0; things && pointers && i < count; i++)
		pointers[i] = (const char *)things + i * size;
	return things ? pointers : NULL;
}

#define TOLD(arena, rows, count) point_at(arena, rows, count, sizeof *(rows))

static const void *segments_of(struct arena *arena, const struct plan *plan)
{
	struct saut_segment *rows = arena_alloc_array(arena, plan->segment_count + 1, sizeof *rows);

	for (size_t i = 0; rows && i < plan->segment_count; i++)
		rows[i] = (struct saut_segment){ plan->segments[i].name,
			plan->segments[i].mem.start, plan->segments[i].mem.size,
			plan->segments[i].data.n, plan->segments[i].why };
	return TOLD(arena, rows, plan->segment_count);
}

static const void *areas_of(struct arena *arena, const struct preview *preview)
{
	struct saut_area *rows = arena_alloc_array(arena, preview->area_count + 1, sizeof *rows);

	for (size_t i = 0; rows && i < preview->area_count; i++)
		rows[i] = (struct saut_area){ preview->areas[i].name, preview->areas[i].mem.start,
			preview->areas[i].mem.size, (enum saut_use)preview->areas[i].use,
			preview->areas[i].why };
	return TOLD(arena, rows, preview->area_count);
}

static const void *changes_of(struct arena *arena, const struct preview *preview)
{
	struct saut_change *rows =
		arena_alloc_array(arena, preview->change_count + 1, sizeof *rows);

	for (size_t i = 0; rows && i < preview->change_count; i++)
		rows[i] = (struct saut_change){ preview->changes[i].word,
			preview->changes[i].is_added, preview->changes[i].why };
	return TOLD(arena, rows, preview->change_count);
}

static const void *initrds_of(struct arena *arena, const struct preview *preview)
{
	struct saut_planned_initrd *rows =
		arena_alloc_array(arena, preview->initrd_count + 1, sizeof *rows);

	for (size_t i = 0; rows && i < preview->initrd_count; i++)
		rows[i] = (struct saut_planned_initrd){ preview->initrds[i].name,
			preview->initrds[i].given, preview->initrds[i].loaded,
			(enum saut_initrd_policy)preview->initrds[i].form,
			preview->initrds[i].reason };
	return TOLD(arena, rows, preview->initrd_count);
}

static const void *costs_of(struct arena *arena, const struct preview *preview)
{
	struct saut_cost *rows = arena_alloc_array(arena, preview->cost_count + 1, sizeof *rows);

	for (size_t i = 0; rows && i < preview->cost_count; i++)
		rows[i] = (struct saut_cost){ preview->costs[i].name, preview->costs[i].ns };
	return TOLD(arena, rows, preview->cost_count);
}

static bool tell(struct saut *saut, const struct saut_planned **ret)
{
	struct arena *arena = &saut->job.arena;
	struct saut_planned *told = arena_alloc(arena, sizeof *told);
	const struct plan *plan = &saut->job.plan;
	struct preview preview;

	if (!told || !preview_make(&saut->job, arena, &preview))
		return false;
	*told = (struct saut_planned){
		.call = (enum saut_call)plan->call,
		.call_reason = spelled(arena, plan->call_reason),
		.command_line = plan->command_line,
		.entry = plan->entry,
		.is_random = saut->job.request.direct && saut->job.request.direct->randomised,
		.changes = changes_of(arena, &preview),
		.initrds = initrds_of(arena, &preview),
		.segments = segments_of(arena, plan),
		.areas = areas_of(arena, &preview),
		.held = preview.memory.held,
		.made = preview.memory.made,
		.available = preview.memory.available,
		.blackout_ns = preview.blackout_ns,
		.costs = costs_of(arena, &preview),
		.left_out = preview_unmodelled,
	};
	*ret = told;
	return told->call_reason && told->changes && told->initrds && told->segments &&
		told->areas && told->costs;
}

enum saut_result saut_planned(struct saut *saut, const struct saut_planned **ret)
{
	saut->error = (struct error){ 0 };
	if (!(saut->job.done & JOB_PLAN))
		return api_result(saut, fail(&saut->error, FAULT_USAGE, "nothing is planned"));
	return api_result(saut, tell(saut, ret) || fail_no_memory(&saut->error));
}

enum saut_result saut_capture(struct saut *saut, const char **ret)
{
	struct captured captured;
	bool done;

	api_begin(saut);
	arena_free(&saut->captured);
	done = system_capture(
		saut->given.wanted.root, &saut->captured, &saut->notes, &captured, &saut->error);
	if (done)
		*ret = captured.text;
	else
		error_attempting(&saut->error, "capture this machine");
	return api_end(saut, done);
}
