/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the record of what is loaded (service/loading.h), for whoever loads or unloads in a turn. */
#pragma once

#include "jump/job.h"
#include "service/loading.h"

/*
 * The job was loaded now, for a reboot or a panic, by by, as the boot entry title; NULL: none. Where that cannot be written down,
 * it is a note of the job, and what is loaded is somebody else's from then on.
 */
void loaded_leave(struct job *job, enum loader by, const char *title);

/* Nothing is loaded any more, or for a panic, or it is not known by whom. */
void loaded_forget(bool crash);

/* What is known of what is loaded at this moment, after whatever was done since a look. */
struct loaded loaded_now(struct arena *arena);
