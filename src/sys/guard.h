/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * molly-guard(8) asks before a machine is rebooted by mistake: it stands in for reboot(8) and its kind, and
 * runs what is in /etc/molly-guard/run.d, each of which may refuse. Who reboots by another command asks
 * it here.
 */
#pragma once

#include "base/error.h"

/*
 * Runs those scripts on our terminal, as for `reboot`; FAULT_GUARDED where one of them refuses, or they
 * cannot be run. True where molly-guard is not installed. root is "" but in tests.
 */
bool guard_ask(const char *root, struct error *err) __attribute__((warn_unused_result));
