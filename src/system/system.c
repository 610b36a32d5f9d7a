/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/system.h"

#include <string.h>

#include "entry/ground/follow.h"
#include "jump/ready.h"
#include "machine/boot-id.h"
#include "sys/confine.h"
#include "system/asked-by-others.h"
#include "system/mount.h"

static bool mount_all(const struct system_options *options, struct system *s,
	const char **ret_unseen, struct error *err)
{
	const struct mounting m = { options->root, &s->look, s->calls, &s->mounts, &s->notes,
		ret_unseen };

	if (options->leave_unmounted || (options->root && !options->calls))
		return true;
	if (!s->has_settings)
		return mount_missing(&m, err);
	return !s->settings.may_mount ||
		(mount_missing(&m, err) && mount_point_missing(&m, s->settings.boot, err));
}

/* Of another machine no file is opened by its own path. */
static bool find_confines(const struct system_options *options, struct system *s, struct error *err)
{
	struct places places;
	const char **root;

	if (options->root && s->look.snapshot.root_fd < 0)
		return true;
	if (options->root) {
		root = arena_alloc_array(&s->arena, 2, sizeof *root);
		if (!root)
			return fail_no_memory(err);
		root[0] = options->root;
		s->root = root;
		return true;
	}
	s->confines = places_read(s->source, &s->arena, &places)
		? follow_confines(&places, &s->arena)
		: NULL;
	return s->confines || fail_no_memory(err);
}

/* For what status calls the record; where the id cannot be read, it is that of the last reboot. */
static bool is_of_this_boot(struct system *s, const struct reboot_record *record)
{
	const char *id = boot_id_read(s->source, &s->arena);

	return id[0] && strcmp(id, record->boot_id) == 0;
}

static void look_at_records(struct system *s)
{
	bool found = reboot_record_read(s->source, REBOOT_RECORD_FILE, &s->arena, &s->record);

	s->loaded = loaded_find(s->source, s->ability.loaded, &s->arena);
	s->is_ahead = found && !s->record.is_old && is_of_this_boot(s, &s->record);
	/* An earlier version wrote it at a load, over that of the last reboot. */
	s->has_record = found && !(s->record.is_old && is_of_this_boot(s, &s->record));
	s->has_plan = reboot_record_read(s->source, PLANNED_RECORD_FILE, &s->arena, &s->plan) &&
		is_of_this_boot(s, &s->plan);
}

static const char *reason_of(struct system *s, const struct error *err)
{
	const char *reason = arena_string(&s->arena, view_of_string(err->reason));

	return reason ? reason : "out of memory";
}

static void look_for_schedule(struct system *s)
{
	struct error err;
	enum presence presence = schedule_read(s->source, &s->arena, &s->schedule, &err);

	s->has_schedule = presence == IS_THERE;
	if (presence != IS_UNREADABLE)
		return;
	s->schedule_unknown = reason_of(s, &err);
}

static bool take_trial(struct system *s, const char *file, struct trial *ret)
{
	struct error err;
	enum presence presence = trial_take(s->source, file, &s->arena, ret, &err);

	if (presence == IS_UNREADABLE)
		s->trials_unknown = reason_of(s, &err);
	return presence == IS_THERE;
}

static void look_at_trials(struct system *s)
{
	s->now = trial_now_read(s->source, s->arrival.by_kexec, &s->arena);
	s->has_trial = take_trial(s, TRIAL_FILE, &s->trial);
	s->has_failed = take_trial(s, TRIAL_FAILED_FILE, &s->failed);
	if (s->has_trial)
		s->outcome = trial_outcome(&s->trial, &s->now);
	if (s->has_failed)
		s->failed_outcome = trial_outcome(&s->failed, &s->now);
}

/* What was told to the firmware or a boot loader may lie where nobody could look. */
static struct off_switch find_off(struct system *s, const char *unseen)
{
	struct off_switch off = off_switch_find(s->source, &s->arena, &s->ability);

	return off.kind == OFF_NONE && unseen
		? (struct off_switch){ OFF_UNKNOWN, unseen, "mount it, and ask again" }
		: off;
}

static bool read_settings(const struct system_options *options, struct system *s, struct error *err)
{
	const struct service_request own = { .style = service_style_of(s->init.init) };
	const struct service_request *request = options->init_service ? &own : options->service;

	s->has_settings = request != NULL;
	return !request ||
		service_settings_read(s->source, request, &s->notes, &s->arena, &s->settings, err);
}

/*
 * What is told by calls that nobody may make who is confined, and what is mounted, is known by now. What comes from others,
 * menus, kernels and initrds, is read from now on.
 */
static void confine(struct system *s)
{
	static const char *const told[] = { "saut/syscalls", "saut/xen", "saut/keyrings", NULL };
	struct view ignored;

	for (size_t i = 0; told[i]; i++)
		(void)!source_read(s->source, told[i], &s->arena, &ignored);
	(void)confine_to_looking();
}

bool system_look(const struct system_options *options, struct system *ret, struct error *err)
{
	struct system *s = ret;
	const char *unseen = NULL;

	*s = (struct system){ .calls = options->calls ? options->calls : &mounts_live };
	s->notes.arena = &s->arena;
	if (!look_open(options->root, &s->look, err))
		return false;
	/* Before anything is read. */
	if (options->to_change && !turn_take(&s->turn, TURN_WAIT_MS, err))
		return false;
	s->has_turn = options->to_change;
	s->source = &s->look.memory.source;
	s->init = init_capture(s->source, &s->arena);
	if (!read_settings(options, s, err) || !mount_all(options, s, &unseen, err))
		return false;
	if (!find_confines(options, s, err))
		return false;
	s->ability = machine_kexec_ability(s->source, &s->arena);
	s->off = find_off(s, unseen);
	s->arrival = arrival_find(s->source, &s->arena);
	look_at_records(s);
	look_for_schedule(s);
	look_at_trials(s);
	if (options->only_looks)
		confine(s);
	return true;
}

void system_free(struct system *system)
{
	look_close(&system->look);
	system->calls->rejoin(&system->mounts);
	arena_free(&system->arena);
	if (system->has_turn)
		turn_end(&system->turn);
}

bool system_entries(struct system *system, struct entries *ret, struct error *err)
{
	const struct asked_by_others others = asked_by_others(system->source, &system->arena);

	return entry_find(&others.source, &system->arena, ret, err);
}

bool system_choose(const struct system *system, const struct entries *entries,
	struct entry_wish wish, const struct entry **ret, struct error *err)
{
	return entry_choose(entries, wish, ret, err) && entry_verify(system->source, *ret, err);
}

/* Where a file of the system is found from here; NULL: there is none. */
static const char *below_root(struct system *s, const char *path)
{
	const char *found = path && s->root
		? arena_printf(&s->arena, "%s/%s", s->root[0], path + (path[0] == '/'))
		: path;

	return path && !found ? "" : found;
}

static const char *const *all_below_root(struct system *s, const struct entry *entry)
{
	const char **paths = arena_alloc_array(&s->arena, entry->initrd_count + 1, sizeof *paths);

	for (size_t i = 0; paths && i < entry->initrd_count; i++)
		paths[i] = below_root(s, entry->initrds[i]);
	return paths ? paths : entry->initrds;
}

struct job_request system_entry_request(struct system *system, const struct entry *entry)
{
	struct job_request request = {
		.source = system->source,
		.kernel = below_root(system, entry->kernel),
		.confines = system->root ? system->root : system->confines,
		.initrds = all_below_root(system, entry),
		.initrd_count = entry->initrd_count,
		.reuse_command_line = !entry->command_line && !entry_is_program(entry),
		.command_line = entry->command_line,
		.device_tree = below_root(system, entry->device_tree),
		.limits = { 0, PHYS_MAX },
	};

	if (!system->root)
		job_remember_here(&request);
	return request;
}
