/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of some names a mistyped one may have meant. */
#pragma once

#include <stddef.h>

/* Names longer than that are no slip of anything. */
enum { NEAR_FAR = 3, NEAR_LENGTH_MAX = 32 };

/*
 * How many letters are wrong, missing, too many or the wrong way round, up to NEAR_FAR for anything that
 * is no slip of a finger. Only the first length bytes of typed count.
 */
size_t near_distance(const char *typed, size_t length, const char *name);

/* What was typed, and the name that is nearest among those that were considered; NULL: none is near. */
struct near_search {
	const char *typed;
	size_t length;
	const char *found;
	size_t distance; /* of found */
};

/*
 * name, of which length bytes count, has to outlive the search. One that only begins as what was typed is the
 * last to be meant.
 */
void near_consider(struct near_search *search, const char *name, size_t length);
