/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/watchdog.h"

#include "arch/registry.h"
#include "machine/text.h"
#include "sys/snapshot.h"

bool job_watchdog_capture(struct job *job, const struct source *source, struct error *err)
{
	if (job->wanted.watchdog.seconds == 0)
		return true;
	return watchdog_capture(source, &job->arena, &job->watchdog_facts, err);
}

/* "6.1.0-44-amd64" of "6.1.0-44-amd64 (debian-kernel@…) #1 SMP …". */
static const char *release_of(struct job *job)
{
	struct view version = view_of_string(job->image.version), word;
	const char *release = text_word(&version, &word) ? arena_string(&job->arena, word) : NULL;

	return release ? release : "";
}

static bool check_next(struct job *job, const struct watchdog *watchdog, struct error *err)
{
	struct snapshot snapshot;
	bool done;

	if (job->wanted.watchdog.any_kernel)
		return true;
	if (job->wanted.source)
		return watchdog_check_next(
			job->wanted.source, watchdog, release_of(job), &job->arena, err);
	if (!snapshot_open(job->wanted.root, &snapshot, err))
		return false;
	done = watchdog_check_next(&snapshot.source, watchdog, release_of(job), &job->arena, err);
	snapshot_close(&snapshot);
	return done;
}

/* What speaks against it whatever hardware there is. */
static bool may_be(struct job *job, struct error *err)
{
	const struct arch_ops *arch = arch_find(job->machine.arch);

	if (job->wanted.crash)
		return fail(err, FAULT_USAGE,
			"a watchdog does not go with a crash kernel, which must not be reset while it "
			"writes the dump");
	if (!job->wanted.watchdog.may_miss || !arch ||
		plan_choose_call(arch, &job->machine, &job->request) == CALL_LOAD)
		return true;
	return fail(err, FAULT_NO_WATCHDOG,
		"kexec_file_load has no code of its own between the kernels, which could start it");
}

static bool choose(struct job *job, struct watchdog *ret, struct error *err)
{
	const struct watchdog_grounds grounds = { &job->machine, &job->watchdog_facts };
	struct watchdog found;

	if (!may_be(job, err) || !watchdog_find(&grounds, &job->arena, &found, err) ||
		!check_next(job, &found, err) ||
		!watchdog_set(&grounds, &found, job->wanted.watchdog.seconds,
			&job->watchdog_setting, err))
		return false;
	*ret = found;
	return true;
}

static void tell(struct job *job)
{
	const struct watchdog_setting *setting = &job->watchdog_setting;
	const char *latest = "";

	if (setting->seconds != job->wanted.watchdog.seconds)
		notes_add(&job->notes, "the watchdog's time is lengthened from %u s to %u s",
			job->wanted.watchdog.seconds, setting->seconds);
	if (setting->latest != setting->first)
		latest = arena_printf(&job->arena, " to %u", setting->latest);
	notes_add(&job->notes,
		"the watchdog (%s) resets the machine %u%s s after the jump, unless the next kernel's "
		"driver %s takes it over by then",
		job->watchdog.name, setting->first, latest ? latest : "", job->watchdog.driver);
}

static void do_without(struct job *job, const char *why)
{
	const char *kept = arena_string(&job->arena, view_of_string(why));

	job->watchdog = (struct watchdog){ 0 };
	job->request.recipe = NULL;
	job->watchdog_obstacle = kept ? kept : "out of memory";
	notes_add(&job->notes, "no watchdog is started: %s", why);
}

bool job_watchdog_choose(struct job *job, struct error *err)
{
	if (job->wanted.watchdog.seconds == 0)
		return true;
	if (choose(job, &job->watchdog, err)) {
		job->request.recipe = &job->watchdog_setting.recipe;
		job->request.recipe_may_miss = job->wanted.watchdog.may_miss;
		tell(job);
		return true;
	}
	if (!job->wanted.watchdog.may_miss || err->fault == FAULT_NO_MEMORY)
		return false;
	do_without(job, err->reason);
	*err = (struct error){ 0 };
	return true;
}

void job_watchdog_drop(struct job *job, const char *why)
{
	if (job->request.recipe)
		do_without(job, why);
}
