/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a trial down; service/trial.h says in which files, and reads them. */
#pragma once

#include "service/trial.h"

bool trial_store(const char *file, const struct trial *trial, struct error *err)
	__attribute__((warn_unused_result));
