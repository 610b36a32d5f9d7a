/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resource limits of this process (getrlimit(2)) that are no wish of anybody's for a load. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * For a command, as it begins: the stack and the number of open files are raised to what a load needs, the size
 * of files, which counts files in memory as well, to what is allowed; who writes past that is told by an
 * error and no longer by a signal. False where there is too little of the stack, and more is not allowed.
 */
bool limits_raise(struct error *err) __attribute__((warn_unused_result));

/* Fails where a file of this size is past the limit of files; writing it would end the program. */
bool limits_check_file(uint64_t size, struct error *err) __attribute__((warn_unused_result));
