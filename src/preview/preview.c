/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preview/parts.h"

#include "jump/holding.h"

static struct preview_initrd initrd_of(const struct job *job, size_t index)
{
	const struct initrd_decision *decision = job->decisions ? &job->decisions[index] : NULL;
	struct preview_initrd initrd = {
		.name = job->inputs[index].name,
		.given = job->inputs[index].bytes.n,
		.loaded = job->inputs[index].bytes.n,
		.form = INITRD_KEEP,
		.reason = "the memory that is reserved for a crash kernel is scarce",
	};

	if (!decision)
		return initrd;
	initrd.given = decision->given.bytes.n;
	initrd.form = decision->choice.form;
	initrd.reason = decision->choice.reason;
	for (size_t form = 0; form < INITRD_FORMS; form++)
		initrd.ns[form] = decision->choice.ns[form];
	return initrd;
}

static bool initrds(struct preview *preview, struct arena *arena)
{
	const struct job *job = preview->job;
	struct preview_initrd *items =
		arena_alloc_array(arena, job->input_count + 1, sizeof *items);

	for (size_t i = 0; items && i < job->input_count; i++)
		items[i] = initrd_of(job, i);
	preview->initrds = items;
	preview->initrd_count = job->input_count;
	return items != NULL;
}

bool preview_make(const struct job *job, struct arena *arena, struct preview *ret)
{
	struct preview preview = {
		.job = job,
		.memory = {
			.made = holding_made(job),
			.copies = holding_copies(job),
			.held = holding_loaded(job),
			.available = job->machine.memory_available,
		},
	};

	if (!initrds(&preview, arena) || !preview_line(&preview, arena) ||
		!preview_areas(&preview, arena))
		return false;
	preview_costs(&preview);
	*ret = preview;
	return true;
}
