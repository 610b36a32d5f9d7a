/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs that an administrator lays into a folder: run one after the other, each with a deadline. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/*
 * Runs one to its end, with nothing to read and what it says going where our errors go. False where it
 * does not end with 0 within seconds; then it, and what it has started, is ended.
 */
bool drop_in_run(const char *path, unsigned seconds, struct error *err)
	__attribute__((warn_unused_result));
