/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service loads, by its settings. */
#pragma once

#include "cmd/saut/service.h"

/* Settings that cannot be used; what was loaded before stays, and is jumped into. */
service_action service_has_settings;

/* What the settings mean now; in a shutdown, whatever is loaded. */
service_action service_load_now;

/*
 * What is loaded is jumped into: what was true before is written down, if it is a trial. Where that cannot
 * be, nothing that was promised holds, and the reboot goes through the firmware.
 */
service_action service_leave_trial;
