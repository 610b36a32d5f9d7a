/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads what a choice means: for the verbs load and reboot. */
#pragma once

#include "cmd/saut/choice.h"
#include "cmd/saut/load-report.h"
#include "system/come-back.h"

/*
 * Says on standard output what is loaded, and what is promised of it, or with as_json in *ret_report, which
 * lives as long as the system. trial is for who reboots into it: what is to happen where it
 * does not come up; NULL: it is no trial. One that has failed before is FAULT_FAILED_BEFORE then.
 */
bool load_choice(struct system *system, const struct choice *choice,
	const struct come_back_settings *trial, struct load_report *ret_report, struct error *err)
	__attribute__((warn_unused_result));
