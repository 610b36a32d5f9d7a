/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mark of a boot service on what is loaded: it is there while the service loaded it, which may
 * then load something else instead, or unload it. What has no mark is a person's wish.
 */
#pragma once

#include "base/error.h"
#include "machine/source.h"

#define MARK_FILE "/run/saut-service"

bool mark_leave(const char *kernel, struct error *err) __attribute__((warn_unused_result));

/* For a load by hand, and for a service that unloads. */
void mark_forget(void);

/* What cannot be read is not there: then nothing is taken for the service's. */
bool mark_is_there(const struct source *source, struct arena *arena);
