/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What processes keep in memory for the next kernel, against what is loaded: it goes along only where
 * kexec_file_load has loaded that, be it before or after the processes began.
 */
#pragma once

#include "base/notes.h"
#include "machine/source.h"
#include "service/loading.h"

/*
 * Whether a jump into what is loaded loses nothing of it: FAULT_KEPT_LOADED. may_be_lost: that was asked for, or
 * whatever else can be done loses it as well; then it is a note. The notes have an arena.
 */
bool kept_permits(const struct source *source, const struct loaded *loaded, bool may_be_lost,
	struct notes *notes, struct error *err) __attribute__((warn_unused_result));

/* The same of the running system at this moment. */
bool kept_permits_now(bool may_be_lost, struct notes *notes, struct error *err)
	__attribute__((warn_unused_result));
