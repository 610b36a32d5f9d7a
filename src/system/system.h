/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a system is and what its next reboot will be, looked at once: what is missing is mounted for
 * the look, then all is read through one source that remembers (look.h). What takes longer to find is
 * found when it is asked for, through the same look.
 */
#pragma once

#include "entry/entry.h"
#include "jump/job.h"
#include "machine/init.h"
#include "service/arrival.h"
#include "service/off-switch.h"
#include "service/record.h"
#include "service/schedule.h"
#include "service/settings.h"
#include "service/trial.h"
#include "sys/mounts.h"
#include "sys/turn.h"
#include "system/look.h"

/* At which system to look, and how. */
struct system_options {
	const char *root;     /* a folder or an archive; NULL: the running system */
	bool leave_unmounted; /* what is not mounted is left alone, as it is with a root */
	/* For which boot service: its settings count for what is mounted. NULL: for none. */
	const struct service_request *service;
	bool init_service;               /* for the one that this system's init has, instead */
	const struct mount_calls *calls; /* that stand in for the running system's; NULL: none do */
	bool to_change; /* in a turn (sys/turn.h), so that what is seen stays so until system_free */
	bool only_looks; /* the process does nothing else until it ends: it is confined to that (sys/confine.h) */
};

struct system {
	bool has_turn;
	struct turn turn;
	struct look look;
	struct arena arena;
	struct mounts mounts; /* the files of what was mounted are there as long as these are */
	const struct mount_calls *calls;
	struct notes notes;          /* of what was mounted, or could not be */
	const struct source *source; /* of all that is known here */
	const char *const *
		root; /* the folder that its paths are below, and NULL; NULL: it runs, or is an archive */
	const char *const *confines; /* what links on boot loaders' file systems do not lead out of;
					NULL: not known, as of another machine */
	bool has_settings;           /* of a service */
	struct service_settings settings; /* zeros where there are none */

	struct kexec_ability ability;
	struct init_facts init;
	struct off_switch off;
	struct arrival arrival;
	struct loaded loaded;
	bool has_record; /* of the last reboot, or of the one that is under way */
	struct reboot_record record;
	bool has_plan; /* why the boot service of this boot has nothing loaded */
	struct reboot_record plan;
	bool has_schedule; /* a reboot waits for its time */
	struct schedule schedule;
	const char *schedule_unknown; /* why it is not known whether one waits; NULL: it is */
	struct trial_now now;
	bool has_trial; /* of a jump that had to prove itself */
	struct trial trial;
	enum trial_outcome outcome;
	bool has_failed; /* an earlier one, of another kernel, that failed */
	struct trial failed;
	enum trial_outcome failed_outcome;
	const char *trials_unknown; /* why it is not known whether a jump failed; NULL: it is */
	bool is_ahead;              /* the record is of this boot, which ends as it says */
};

/*
 * Looks. The system is at one address from now on; system_free is due even after a failure, which
 * leaves notes as well. Who only looks stays where that was mounted.
 */
bool system_look(const struct system_options *options, struct system *ret, struct error *err)
	__attribute__((warn_unused_result));

void system_free(struct system *system);

/* The boot entries; everything lives in the system's arena. See entry_find. */
bool system_entries(struct system *system, struct entries *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The one that is meant, if its files are those that it wants: entry_choose and entry_verify. */
bool system_choose(const struct system *system, const struct entries *entries,
	struct entry_wish wish, const struct entry **ret, struct error *err)
	__attribute__((warn_unused_result));

/* What loads an entry of this system. */
struct job_request system_entry_request(struct system *system, const struct entry *entry);
