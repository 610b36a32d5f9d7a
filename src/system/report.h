/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the time of the last reboot went: all that both boots have left of it, read through one look. */
#pragma once

#include "report/firmware.h"
#include "report/history.h"
#include "report/systemd-times.h"
#include "report/timeline.h"
#include "service/arrival.h"
#include "service/boot-wait.h"
#include "service/record.h"
#include "service/trial.h"

struct report {
	struct trial_now now;
	struct arrival arrival;
	bool has_record; /* of the reboot that led here */
	struct reboot_record record;
	const char *record_unknown; /* why there is none; NULL: there is */
	struct timeline timeline;
	const char *unknown
		[MOMENTS]; /* why a moment is not known; NULL: it is, or there was none such */
	enum moment
		from; /* the last thing that is known to have stopped: what follows is the outage */
	struct own_time away;           /* from there to the kernel's clock */
	struct firmware_times firmware; /* of this boot, or the last one that came through it */
	bool has_cold;                  /* our own measure of that one */
	struct cold_boot cold;
	struct own_time gain; /* of this jump against that one */
	struct history history;
	struct longest units, initcalls, probes;
	uint64_t uptime_us; /* 0: not known */
};

/* Everything lives in the arena. */
struct report report_make(const struct source *source, struct arena *arena);

/*
 * For later reports, in the boot service of a boot that has written down boot of itself: what this reboot took, and
 * where it came through the firmware, how long that was. It is on the disk once that is synchronised.
 */
void report_keep(const struct source *source, const struct boot_time *boot, struct notes *notes);
