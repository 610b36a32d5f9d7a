/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What says whether a boot on trial is good. */
#pragma once

#include "system/system.h"

/*
 * For the boot service: waits until the boot is good, or reboots through the firmware when its time is
 * over. Where this boot is no trial, it says what became of the last one.
 */
bool confirm_boot(struct system *system, struct error *err) __attribute__((warn_unused_result));

/*
 * The machine goes down in order while this boot is on trial: somebody wanted that, and nobody knows any
 * more whether the boot would have been good. It is no failure, and what was set for it is taken back.
 */
void confirm_is_left(struct system *system);
