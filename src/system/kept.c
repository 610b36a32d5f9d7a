/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/kept.h"

#include <string.h>

#include "machine/facts.h"
#include "plan/plan.h"
#include "sys/snapshot.h"

static bool is_loaded_by(const struct loaded *loaded, enum kexec_call call)
{
	return loaded->has_record && loaded->of.call &&
		strcmp(loaded->of.call, kexec_call_name(call)) == 0;
}

/* Nobody knows of a kernel that others have loaded, or of which no record could be left. */
static bool refuse(const char *holder, const struct loaded *loaded, struct error *err)
{
	if (is_loaded_by(loaded, CALL_LOAD))
		return fail(err, FAULT_KEPT_LOADED,
			"process %s has a live-update session open, and the kernel was loaded by "
			"kexec_load, which hands over nothing of what that keeps",
			holder);
	return fail(err, FAULT_KEPT_LOADED,
		"process %s has a live-update session open, and by which system call the kernel was "
		"loaded is not known: kexec_load hands over nothing of what that keeps",
		holder);
}

static void tell(const char *holder, const struct loaded *loaded, struct notes *notes)
{
	if (is_loaded_by(loaded, CALL_LOAD))
		notes_add(notes,
			"process %s has a live-update session open; the jump loses what that keeps, "
			"since the kernel was loaded by kexec_load",
			holder);
	else
		notes_add(notes,
			"process %s has a live-update session open; the jump loses what that keeps, "
			"unless the kernel was loaded by kexec_file_load",
			holder);
}

bool kept_permits(const struct source *source, const struct loaded *loaded, bool may_be_lost,
	struct notes *notes, struct error *err)
{
	struct live_update_facts kept;

	if (loaded->is == ANSWER_NO || is_loaded_by(loaded, CALL_FILE_LOAD))
		return true;
	kept = live_update_capture(source, notes->arena);
	switch (kept.state) {
	case LIVE_UPDATE_NONE:
		return true;
	case LIVE_UPDATE_UNSEEN:
		notes_add(notes,
			"whether live-update sessions are open could not be seen; the jump loses "
			"what they keep, unless the kernel was loaded by kexec_file_load");
		return true;
	case LIVE_UPDATE_OPEN:
		break;
	}
	if (!may_be_lost)
		return refuse(kept.holder, loaded, err);
	tell(kept.holder, loaded, notes);
	return true;
}

bool kept_permits_now(bool may_be_lost, struct notes *notes, struct error *err)
{
	struct kexec_ability ability;
	struct snapshot now;
	struct loaded loaded;
	bool done;

	if (!snapshot_open(NULL, &now, err))
		return false;
	ability = machine_kexec_ability(&now.source, notes->arena);
	loaded = loaded_find(&now.source, ability.loaded, notes->arena);
	done = kept_permits(&now.source, &loaded, may_be_lost, notes, err);
	snapshot_close(&now);
	return done;
}
