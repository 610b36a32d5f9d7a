/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/keep-ready.h"

#include "jump/ready-make.h"
#include "jump/ready.h"

/* As it will be prepared in the shutdown. */
static bool make(struct system *s, const struct target *t, struct error *err)
{
	const struct ready_settings *settings = &s->settings.ready;
	struct job_request request = t->job;
	struct job job;
	bool done;

	request.initrd_form = INITRD_KEEP;
	request.aim.shorten = SHORTEN_OUTAGE;
	request.ready.may_read = true;
	done = job_prepare(&job, &request, err);
	if (done)
		ready_make(
			&job, (struct ready_room){ settings->has_most, settings->most }, &s->notes);
	job_free(&job);
	return done;
}

bool keep_ready(struct system *s, struct target *t, struct error *err)
{
	const struct service_settings *settings = &s->settings;
	const bool is_wanted =
		!settings->ready.is_off && !settings->off_by && service_loads_at_shutdown(settings);

	if (is_wanted && target_find(s, t, err) && make(s, t, err))
		return true;
	ready_forget(READY_FOLDER);
	return !is_wanted;
}
