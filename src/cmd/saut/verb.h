/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verbs of saut. Each takes its own words and returns an exit code. */
#pragma once

#include "base/error.h"

/* argv[0] is the verb. False with *err: nothing was printed of it yet. */
typedef bool verb(int argc, char **argv, struct error *err);

verb verb_check, verb_list, verb_load, verb_unload, verb_reboot, verb_status, verb_service,
	verb_confirm, verb_forgive, verb_inspect, verb_crash, verb_plan, verb_capture, verb_report;
