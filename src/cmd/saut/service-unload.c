/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unloading by a boot service: what was promised of the jump is taken back first. */
#include "cmd/saut/service-unload.h"

#include "cmd/saut/service-record.h"
#include "cmd/say.h"
#include "system/come-back.h"
#include "system/load.h"
#include "system/loaded.h"
#include "system/next.h"

static void forget_trial(struct service *s)
{
	service_plan(s, NULL);
	come_back_forget();
	come_back_take_back();
}

bool service_unload(struct service *s, struct error *err)
{
	forget_trial(s);
	if (s->system.ability.loaded != ANSWER_NO)
		return system_unload(false, &s->system.ability, err);
	loaded_forget(false);
	return true;
}

const char *service_off_by(const struct service *s)
{
	const char *off = next_switched_off(&s->system);

	return off ? off : s->system.settings.off_by;
}

bool service_stay_off(struct service *s, struct error *err)
{
	say("%s: reboots go through the firmware\n", service_off_by(s));
	/* What says so stays until the reboot. */
	if (s->system.off.kind == OFF_UNLOADED)
		return true;
	return service_unload(s, err);
}

bool service_call_off(struct service *s, struct error *err)
{
	struct error not_unloaded;

	forget_trial(s);
	/* Whatever was loaded when this system was looked at. */
	if (!system_unload(false, &s->system.ability, &not_unloaded))
		error_append(err, "; what is loaded cannot be unloaded: %s", not_unloaded.reason);
	service_tell(s, err);
	return false;
}
