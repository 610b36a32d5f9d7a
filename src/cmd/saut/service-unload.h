/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* That the next reboot goes through the firmware, with all that was promised of a jump taken back. */
#pragma once

#include "cmd/saut/service.h"

/* What switches the service off: a switch of all, or a setting of this one. NULL: nothing. */
const char *service_off_by(const struct service *s);

/* Of a service that is switched off. */
service_action service_stay_off;

service_action service_unload;

/*
 * err: why there must be no jump into what is loaded. Unloads it, and tells the log and the next boot.
 * Always false; that it cannot be unloaded stands behind the error.
 */
bool service_call_off(struct service *s, struct error *err);
