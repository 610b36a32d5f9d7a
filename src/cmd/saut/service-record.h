/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service leaves of its work: for saut status, the next boot and the log. */
#pragma once

#include "cmd/saut/service.h"
#include "system/next.h"
#include "system/record.h"

/* reason: why it does not go by kexec; else NULL. */
void service_leave_record(struct service *s, enum reboot_way way, const char *reason);

/* What the reboot that goes on now will be. */
void service_leave_decision(struct service *s, const struct next_reboot *next);

/* reason: why nothing is loaded; NULL: nothing speaks against it. */
void service_plan(struct service *s, const char *reason);

/* Why nothing is loaded, in the log and to the next boot. */
void service_tell(struct service *s, const struct error *err);
