/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of some names a mistyped one may have meant. */
#pragma once

#include <stddef.h>

/*
 * How many letters are wrong, missing, too many or the wrong way round, up to NEAR_FAR for anything that
 * is no slip of a finger. Only the first length bytes of typed count.
 */
enum { NEAR_FAR = 3, NEAR_LENGTH_MAX = 32 };

size_t near_distance(const char *typed, size_t length, const char *name);
