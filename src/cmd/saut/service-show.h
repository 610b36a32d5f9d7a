/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service loads or would load. */
#pragma once

#include "cmd/saut/service.h"
#include "system/come-back.h"

/* what: what becomes of it, "loaded". */
void service_show_target(const struct target *target, const char *what);

/* Loads the target, and shows it. trial: NULL: it is none, and nothing is loaded. */
bool service_load_job(struct service *s, const struct come_back *trial, struct error *err)
	__attribute__((warn_unused_result));
