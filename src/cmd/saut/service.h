/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of saut service, and the actions of boot services. */
#pragma once

#include "system/system.h"
#include "system/target.h"

struct service {
	struct service_request request;
	bool rebooting;  /* the machine goes down for a reboot; stop is by hand without it */
	bool only_check; /* jump, unbind: say whether, and do not */
	bool as_json;    /* check and status */
	struct system system;
	struct target target;
	struct stamp at[MOMENTS_RECORDED]; /* what of a reboot has happened here */
};

typedef bool service_action(struct service *s, struct error *err)
	__attribute__((warn_unused_result));

/* Wishes of who starts, stops and changes a service (service-load.c). */
service_action service_start, service_load, service_reload, service_prepare;

/* What the service would do; nothing is changed (service-show.c). */
service_action service_check, service_status;

/* While the machine goes down; stop also by hand (service-shutdown.c). */
service_action service_stop, service_unbind, service_jump, service_leave;
