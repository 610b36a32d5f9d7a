/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs that load and reboot want to know of the running system before they do. */
#pragma once

#include "machine/init.h"
#include "service/off-switch.h"
#include "sys/snapshot.h"

struct situation {
	struct snapshot snapshot;
	struct arena arena;
	struct kexec_ability ability;
	struct init_facts init;
	struct off_switch off;
};

/* It is at one address from now on; free it only after a success. */
bool situation_look(struct situation *ret, struct error *err) __attribute__((warn_unused_result));
void situation_free(struct situation *situation);
