/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The distance of Damerau and Levenshtein between short names, by three rows of its table. */
#include "base/near.h"

#include <stdbool.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t near_distance(const char *typed, size_t length, const char *name)
{
	size_t rows[3][NEAR_LENGTH_MAX + 1];
	const size_t width = strlen(name);
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (length > NEAR_LENGTH_MAX || width > NEAR_LENGTH_MAX)
		return NEAR_FAR;
	for (size_t k = 0; k <= width; k++)
		last[k] = k;
	for (size_t i = 1; i <= length; i++) {
		size_t *const spare = before;

		now[0] = i;
		for (size_t k = 1; k <= width; k++) {
			now[k] = last[k - 1] + (typed[i - 1] != name[k - 1]);
			now[k] = least(now[k], least(last[k], now[k - 1]) + 1);
			if (i > 1 && k > 1 && typed[i - 1] == name[k - 2] &&
				typed[i - 2] == name[k - 1])
				now[k] = least(now[k], before[k - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	/* A short name with two wrong letters is another one. */
	return last[width] < NEAR_FAR && last[width] * 3 <= least(length, width) + 1 ? last[width]
										     : NEAR_FAR;
}

/* Where fewer letters were typed, anything might have followed. */
enum { BEGINNING_MIN = 3 };

static bool begins(const struct near_search *search, const char *name)
{
	return search->length >= BEGINNING_MIN && strncmp(search->typed, name, search->length) == 0;
}

void near_consider(struct near_search *search, const char *name, size_t length)
{
	char own[NEAR_LENGTH_MAX + 1] = "";
	size_t distance;

	if (length > NEAR_LENGTH_MAX)
		return;
	memcpy(own, name, length);
	distance = near_distance(search->typed, search->length, own);
	if (distance == NEAR_FAR && !begins(search, own))
		return;
	if (search->found && search->distance <= distance)
		return;
	search->found = name;
	search->distance = distance;
}
