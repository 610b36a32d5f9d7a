/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of saut status that is about reboots: the next one, and the one that led here. */
#pragma once

#include "cmd/json.h"
#include "service/arrival.h"
#include "service/off-switch.h"
#include "service/record.h"

struct reboots {
	struct off_switch off;
	struct arrival arrival;
	bool has_record;
	struct reboot_record record;
	bool is_ahead; /* the record is of this boot: what it tells of is under way */
};

struct reboots reboots_look(const struct source *source, struct arena *arena,
	const struct kexec_ability *ability);

void reboots_show(const struct reboots *reboots);

/* As members of the open object. */
void reboots_show_json(const struct reboots *reboots, struct json *j);
