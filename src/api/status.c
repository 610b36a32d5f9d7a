/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running system as the public API tells of it. */
#include "api/object.h"

#include <stdlib.h>

#include "check/verdict.h"

_Static_assert((int)SAUT_UNKNOWN == (int)ANSWER_UNKNOWN && (int)SAUT_NO == (int)ANSWER_NO &&
		(int)SAUT_YES == (int)ANSWER_YES,
	"the same answers");

static enum saut_answer answer(enum answer a)
{
	return (enum saut_answer)a;
}

static struct saut_status status_of(struct system *s)
{
	const struct kexec_ability *ability = &s->ability;
	struct kernel_config config = kernel_config_read(s->source, &s->arena);
	struct verdict verdict = verdict_of(ability, &config);

	return (struct saut_status){
		.can_kexec = answer(verdict.can),
		.why = verdict.why,
		.step = verdict.step,
		.loaded = answer(ability->loaded),
		.crash_loaded = answer(ability->crash_loaded),
		.has_kexec_load = answer(ability->load),
		.has_kexec_file_load = answer(ability->file_load),
		.may_load = answer(ability->may_boot),
		.load_disabled = answer(ability->disabled),
		.secure_boot = answer(ability->secure_boot),
		.switched_off = s->off.what,
		.switch_on = s->off.undo,
		.came_by_kexec = answer(s->arrival.by_kexec),
	};
}

void api_status_free(struct saut *saut)
{
	if (saut->seen)
		system_free(saut->seen);
	free(saut->seen);
	saut->seen = NULL;
}

static bool look(struct saut *saut)
{
	const struct system_options options = { .root = saut->given.wanted.root,
		.leave_unmounted = !saut->may_mount };

	api_status_free(saut);
	saut->seen = calloc(1, sizeof *saut->seen);
	if (!saut->seen)
		return fail_no_memory(&saut->error);
	if (system_look(&options, saut->seen, &saut->error))
		return true;
	api_status_free(saut);
	return error_attempting(&saut->error, "show the status");
}

enum saut_result saut_look(struct saut *saut, const struct saut_status **ret)
{
	saut->error = (struct error){ 0 };
	if (!look(saut))
		return api_result(saut, false);
	saut->status = status_of(saut->seen);
	*ret = &saut->status;
	return SAUT_DONE;
}
