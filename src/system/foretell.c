/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/foretell.h"

#include "jump/ready.h"
#include "system/checkup.h"
#include "system/come-back.h"
#include "system/next-step.h"

/* All that the boot service asks before it loads. */
static bool prepare(struct system *s, struct target *t, struct error *err)
{
	struct job_request request = t->job;
	struct job job;
	bool done;

	/* How an initrd would be packed anew takes long, and refuses nothing. */
	request.initrd_form = INITRD_KEEP;
	if (request.aim.shorten == SHORTEN_UNSAID)
		request.aim.shorten = SHORTEN_OUTAGE;
	/* Who looks for the boot service has the time. */
	request.ready.may_read = s->has_turn;
	done = job_prepare(&job, &request, err) &&
		(s->settings.no_checks || checkup_permits(s, &job, err));
	t->kept_ready = ready_bytes(&job);
	job_free(&job);
	return done;
}

bool foretell_rehearse(struct system *s, struct target *t, struct error *err)
{
	if (!target_find(s, t, err) || !come_back_permits(s, t->kernel, t->release, err))
		return false;
	/* Of another machine no file is opened by its own path. */
	return !s->confines || (target_check(s, t, err) && prepare(s, t, err));
}

struct loading foretell_target(const struct target *t, struct arena *arena)
{
	const char **initrds = arena_alloc_array(arena, t->job.initrd_count + 1, sizeof *initrds);

	for (size_t i = 0; initrds && i < t->job.initrd_count; i++)
		initrds[i] = t->job.initrds[i];
	return (struct loading){
		.title = t->title,
		.kernel = t->kernel,
		.release = t->release ? t->release : "",
		.command_line = t->job.command_line,
		.initrds = initrds,
	};
}

/* What would be loaded in the shutdown; where that fails, the machine goes through the firmware. */
static void find_target(struct system *s, struct foretold *f)
{
	struct target *t = arena_alloc(&s->arena, sizeof *t);
	struct error err;

	if (t && foretell_rehearse(s, t, &err)) {
		f->has_kernel = true;
		f->of = foretell_target(t, &s->arena);
		f->kept_ready = t->kept_ready;
		return;
	}
	if (!t)
		fail_no_memory(&err);
	/* Root may see what this user does not. */
	f->next.way = s->ability.may_boot == ANSWER_NO ? NEXT_UNKNOWN : NEXT_FIRMWARE;
	f->next.reason = arena_string(&s->arena, view_of_string(err.reason));
	if (!f->next.reason)
		f->next.reason = "out of memory";
}

struct foretold foretell(struct system *s)
{
	struct foretold f = { .next = next_find(s) };

	if (s->has_schedule)
		f.begins = s->schedule.record.when;
	if (f.next.way == NEXT_LOAD)
		find_target(s, &f);
	if (f.next.way == NEXT_JUMP && s->loaded.has_record) {
		f.has_kernel = true;
		f.of = s->loaded.of;
	}
	f.step = next_step(s, &f.next);
	return f;
}
