/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running system as the public API tells of it. */
#include "api/object.h"
#include "service/arrival.h"
#include "service/off-switch.h"
#include "system/verdict.h"

_Static_assert((int)SAUT_UNKNOWN == (int)ANSWER_UNKNOWN && (int)SAUT_NO == (int)ANSWER_NO &&
		(int)SAUT_YES == (int)ANSWER_YES,
	"the same answers");

static enum saut_answer answer(enum answer a)
{
	return (enum saut_answer)a;
}

/* Both calls may be there or not for all that is known: then nothing is known. */
static enum saut_answer can(const struct verdict *verdict, const struct kexec_ability *ability)
{
	if (!verdict->can)
		return SAUT_NO;
	return ability->load == ANSWER_UNKNOWN && ability->file_load == ANSWER_UNKNOWN ? SAUT_UNKNOWN
										      : SAUT_YES;
}

static void look(const struct source *source, struct arena *arena, struct saut_status *ret)
{
	struct kexec_ability ability = machine_kexec_ability(source, arena);
	struct kernel_config config = kernel_config_read(source, arena);
	struct verdict verdict = verdict_of(&ability, &config);
	struct off_switch off = off_switch_find(source, arena, &ability);

	*ret = (struct saut_status){
		.can_kexec = can(&verdict, &ability),
		.why = verdict.why,
		.step = verdict.step,
		.loaded = answer(ability.loaded),
		.crash_loaded = answer(ability.crash_loaded),
		.has_kexec_load = answer(ability.load),
		.has_kexec_file_load = answer(ability.file_load),
		.may_load = answer(ability.may_boot),
		.load_disabled = answer(ability.disabled),
		.secure_boot = answer(ability.secure_boot),
		.switched_off = off.what,
		.switch_on = off.undo,
		.came_by_kexec = answer(arrival_find(source, arena).by_kexec),
	};
}

enum saut_result saut_look(struct saut *saut, const struct saut_status **ret)
{
	struct snapshot snapshot;

	saut->error = (struct error){ 0 };
	if (!snapshot_open(saut->given.wanted.root, &snapshot, &saut->error)) {
		(void)error_attempting(&saut->error, "tell the status");
		return api_result(saut, false);
	}
	arena_free(&saut->status_arena);
	look(&snapshot.source, &saut->status_arena, &saut->status);
	snapshot_close(&snapshot);
	*ret = &saut->status;
	return SAUT_DONE;
}
