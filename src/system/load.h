/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads for whoever asks: a command, a boot service, a program that uses the library. */
#pragma once

#include "jump/job.h"

/*
 * act_load_in_turn, in a turn of its own unless has_turn. What is loaded then is no longer the boot
 * service's: a service says so behind it where it is.
 */
bool system_load(struct job *job, bool has_turn, struct error *err)
	__attribute__((warn_unused_result));
