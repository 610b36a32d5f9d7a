/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/trial-watchdog.h"

#include <errno.h>
#include <string.h>

#include "machine/text.h"
#include "sys/clock.h"
#include "sys/process.h"
#include "sys/snapshot.h"
#include "system/confirmation.h"

#define CLASS_FOLDER "sys/class/watchdog"

/* From a driver to its device. */
enum { DEVICE_TRIES = 25, DEVICE_WAIT_MS = 200 };

/* Of what a device knows of the last reset: <linux/watchdog.h>, WDIOF_CARDRESET. */
enum { BY_WATCHDOG = 0x20 };

/* Modules have '_' where their files have either. */
static bool is_module(const char *link, const char *driver)
{
	const char *name = strrchr(link, '/');

	for (name = name ? name + 1 : link; *name && *driver; name++, driver++)
		if (*name != *driver && !(*name == '_' && *driver == '-'))
			return false;
	return !*name && !*driver;
}

static bool has_link(
	const struct source *source, const char *name, const char *driver, struct arena *arena)
{
	const char *path = arena_printf(arena, CLASS_FOLDER "/%s/device/driver/module", name);
	struct error ignored;
	const char *link;

	return path && source->link &&
		source->link(source, path, arena, &link, &ignored) == IS_THERE &&
		is_module(link, driver);
}

static bool has_identity(
	const struct source *source, const char *name, const char *identity, struct arena *arena)
{
	const char *path = arena_printf(arena, CLASS_FOLDER "/%s/identity", name);
	struct view text;

	return identity[0] && path && source_read(source, path, arena, &text) &&
		text_is(text_trim(text), identity);
}

/* The device of the driver, by its module, of which not each is linked with it; NULL: there is none. */
static const char *find(const struct source *source, const struct trial *trial, struct arena *arena)
{
	const char *const *names;

	if (!trial->watchdog[0] || !source_list(source, CLASS_FOLDER, arena, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++)
		if (has_link(source, names[i], trial->watchdog, arena) ||
			has_identity(source, names[i], trial->identity, arena))
			return names[i];
	return NULL;
}

/* 0: it does not tell. */
static uint64_t number_of(
	const struct source *source, const char *name, const char *what, struct arena *arena)
{
	const char *path = arena_printf(arena, CLASS_FOLDER "/%s/%s", name, what);
	struct view text;
	uint64_t number;

	return path && source_read(source, path, arena, &text) &&
			text_decimal(text_trim(text), &number)
		? number
		: 0;
}

bool trial_watchdog_has_reset(
	const struct source *source, const struct trial *trial, struct arena *arena)
{
	const char *name = find(source, trial, arena);

	return name && number_of(source, name, "bootstatus", arena) & BY_WATCHDOG;
}

/* As it is now. False: the driver has none. */
static bool look(const struct trial *trial, struct arena *arena, struct trial_watchdog *ret)
{
	const char *name = NULL;
	struct error ignored;
	struct snapshot now;

	if (!snapshot_open(NULL, &now, &ignored))
		return false;
	name = find(&now.source, trial, arena);
	if (name) {
		ret->cannot_stop = number_of(&now.source, name, "nowayout", arena) != 0;
		ret->device = arena_printf(arena, "/dev/%s", name);
	}
	snapshot_close(&now);
	return name && ret->device;
}

static bool look_for(const struct trial *trial, struct arena *arena, struct trial_watchdog *ret)
{

	for (int i = 0; i < DEVICE_TRIES; i++) {
		if (look(trial, arena, ret))
			return true;
		clock_wait_ms(DEVICE_WAIT_MS);
	}
	return false;
}

static bool find_device(const struct trial *trial, struct arena *arena, struct trial_watchdog *ret,
	struct error *err)
{
	const char *const argv[] = { "modprobe", trial->watchdog, NULL };

	if (look(trial, arena, ret))
		return true;
	return process_run(argv, err) &&
		(look_for(trial, arena, ret) ||
			fail(err, FAULT_NO_WATCHDOG, "its driver %s has found none",
				trial->watchdog));
}

/* Its end was said before who waited has died: the machine goes down in order, and may take its time. */
static bool has_ended(const void *context)
{
	return confirmation_said(context) == CONFIRMED;
}

bool trial_watchdog_take(const struct trial *trial, struct arena *arena, struct trial_watchdog *ret,
	struct error *err)
{
	const struct keeper_wish wish = {
		.hold = TRIAL_WATCHDOG_HOLD_S,
		.leave = TRIAL_WATCHDOG_LEAVE_S,
		.deadline = confirmation_end(trial) + TRIAL_WATCHDOG_SLACK_S,
		.may_stop = has_ended,
		.context = trial,
	};
	struct trial_watchdog w = { 0 };

	*ret = w;
	if (!trial->watchdog[0])
		return true;
	if (!find_device(trial, arena, &w, err))
		return error_prefix(err, "the watchdog that was started cannot be taken over: ");
	if (keeper_start(w.device, &wish, &w.keeper, err)) {
		*ret = w;
		return true;
	}
	if (err->errnum != EBUSY)
		return error_prefix(err, "the watchdog that was started cannot be taken over: ");
	*err = (struct error){ 0 };
	w.is_others = true;
	*ret = w;
	return true;
}

bool trial_watchdog_end(struct trial_watchdog *watchdog, bool may_stay, struct error *err)
{
	if (!watchdog->keeper.child || !watchdog->cannot_stop)
		return keeper_stop(&watchdog->keeper, err);
	if (may_stay)
		keeper_stay(&watchdog->keeper);
	else
		keeper_leave(&watchdog->keeper);
	return fail(err, FAULT_NO_WATCHDOG,
		"the watchdog cannot be stopped (nowayout), and nobody keeps it from running out");
}

void trial_watchdog_leave(struct trial_watchdog *watchdog)
{
	keeper_leave(&watchdog->keeper);
}
