/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/watchdog.h"

#include "arch/registry.h"
#include "machine/modules.h"
#include "machine/text.h"
#include "sys/process.h"
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
	if (job->line && !watchdog_check_line(job->line, watchdog, err))
		return false;
	if (job->wanted.source)
		return watchdog_check_next(
			job->wanted.source, watchdog, release_of(job), &job->arena, err);
	if (!snapshot_open(job->wanted.root, &snapshot, err))
		return false;
	done = watchdog_check_next(&snapshot.source, watchdog, release_of(job), &job->arena, err);
	snapshot_close(&snapshot);
	return done;
}

/* The running kernel's driver has it, as far as that is known. */
static const struct watchdog_device *bound(const struct job *job, const struct watchdog *watchdog)
{
	const struct watchdog_facts *facts = &job->watchdog_facts;

	for (size_t i = 0; i < facts->device_count; i++)
		if (watchdog_has_device(watchdog, &facts->devices[i]))
			return &facts->devices[i];
	return NULL;
}

/* Whether this very system runs the kernel that the machine is told of, and has the driver as a module. */
static bool can_try(struct job *job, const struct source *source, const struct watchdog *watchdog)
{
	struct kernel_modules modules;
	struct error ignored;

	return kernel_modules_read(
		       source, job->machine.uname_release, &job->arena, &modules, &ignored) &&
		kernel_modules_find(&modules, watchdog->driver).place == MODULE_LOADABLE;
}

/*
 * A driver that takes nothing here would take nothing there either, and the machine would be reset though
 * it is well. Where the running kernel has it, that is tried; loading it starts nothing.
 */
static bool try_driver(struct job *job, const struct watchdog *watchdog, struct error *err)
{
	const char *const argv[] = { "modprobe", watchdog->driver, NULL };
	struct snapshot now;
	bool done;

	if (!job->wanted.watchdog.may_try || bound(job, watchdog))
		return true;
	if (!snapshot_open(NULL, &now, err))
		return false;
	done = !can_try(job, &now.source, watchdog);
	snapshot_close(&now);
	if (done)
		return true;
	if (!process_run(argv, err) || !snapshot_open(NULL, &now, err))
		return error_prefix(err, "the watchdog's driver cannot be loaded: ");
	done = watchdog_capture(&now.source, &job->arena, &job->watchdog_facts, err);
	snapshot_close(&now);
	return done &&
		(bound(job, watchdog) ||
			fail(err, FAULT_NO_WATCHDOG,
				"the running kernel's driver %s finds no watchdog, so that of the "
				"next one may not either",
				watchdog->driver));
}

/* What is started must be able to be stopped. */
static bool check_stop(struct job *job, const struct watchdog *watchdog, struct error *err)
{
	const struct watchdog_device *device = bound(job, watchdog);

	return !job->wanted.watchdog.may_miss || !device || !device->cannot_stop ||
		fail(err, FAULT_NO_WATCHDOG,
			"the driver %s does not let the watchdog be stopped again (nowayout)",
			watchdog->driver);
}

/* Whether there is no stub, which would run a recipe. */
static bool has_no_stub(const struct job *job)
{
	const struct arch_ops *arch = arch_find(job->machine.arch);

	return job->wanted.watchdog.may_miss && arch &&
		plan_choose_call(arch, &job->machine, &job->request) != CALL_LOAD;
}

/* What speaks against it whatever hardware there is. */
static bool may_be(struct job *job, struct error *err)
{
	if (job->wanted.crash)
		return fail(err, FAULT_USAGE,
			"a watchdog does not go with a crash kernel, which must not be reset while it "
			"writes the dump");
	if (!has_no_stub(job))
		return true;
	return fail(err, FAULT_NO_WATCHDOG,
		"kexec_file_load has no code of its own between the kernels, which could start it");
}

/* As many as are wanted, or as the hardware counts where that is enough. */
static uint32_t seconds_by(const struct watchdog_wish *wish, const struct watchdog *found)
{
	bool is_shorter = wish->least && found->longest < wish->seconds;

	return is_shorter && found->longest >= wish->least ? found->longest : wish->seconds;
}

static bool choose(struct job *job, struct watchdog *ret, struct error *err)
{
	const struct watchdog_grounds grounds = { &job->machine, &job->watchdog_facts };
	struct watchdog found;

	if (!may_be(job, err) || !watchdog_find(&grounds, &job->arena, &found, err) ||
		!check_next(job, &found, err) || !try_driver(job, &found, err) ||
		!check_stop(job, &found, err) ||
		!watchdog_set(&grounds, &found, seconds_by(&job->wanted.watchdog, &found),
			&job->watchdog_setting, err))
		return false;
	*ret = found;
	return true;
}

/* Where no recipe can run. Who goes down for the jump opens its device, and leaves it running. */
static bool choose_kept(struct job *job, struct watchdog *ret, struct error *err)
{
	const uint32_t seconds = job->wanted.watchdog.seconds;
	struct watchdog found;

	if (!watchdog_find_kept(&job->watchdog_facts, &job->arena, &found, err) ||
		!check_next(job, &found, err) || !check_stop(job, &found, err))
		return false;
	job->watchdog_setting = (struct watchdog_setting){
		.seconds = seconds, .first = seconds, .latest = seconds * found.latest_factor
	};
	*ret = found;
	return true;
}

static void tell_kept(struct job *job)
{
	notes_add(&job->notes,
		"the watchdog (%s) is left running by its driver, for %u s from the shutdown on, unless "
		"the next kernel's driver %s takes it over by then",
		job->watchdog.name, job->watchdog_setting.seconds, job->watchdog.driver);
}

static void tell(struct job *job)
{
	const struct watchdog_setting *setting = &job->watchdog_setting;
	const char *latest = "";

	if (setting->seconds > job->wanted.watchdog.seconds)
		notes_add(&job->notes, "the watchdog's time is lengthened from %u s to %u s",
			job->wanted.watchdog.seconds, setting->seconds);
	if (setting->seconds < job->wanted.watchdog.seconds)
		notes_add(&job->notes, "the watchdog counts to %u s at most, not to %u s",
			setting->seconds, job->wanted.watchdog.seconds);
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

static bool is_kept(const struct job *job)
{
	return job->wanted.watchdog.may_keep && !job->wanted.crash;
}

bool job_watchdog_choose(struct job *job, struct error *err)
{
	if (job->wanted.watchdog.seconds == 0)
		return true;
	if (job->wanted.watchdog.obstacle) {
		do_without(job, job->wanted.watchdog.obstacle);
		return true;
	}
	if (has_no_stub(job) && is_kept(job)) {
		if (choose_kept(job, &job->watchdog, err)) {
			tell_kept(job);
			return true;
		}
	} else if (choose(job, &job->watchdog, err)) {
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
	struct error none;

	if (!job->request.recipe)
		return;
	job->request.recipe = NULL;
	if (is_kept(job) && choose_kept(job, &job->watchdog, &none))
		tell_kept(job);
	else
		do_without(job, why);
}
