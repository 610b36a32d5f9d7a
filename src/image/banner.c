/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/banner.h"

#include <string.h>

static const char banner[] = "Linux version ";

enum { VERSION_LENGTH_MAX = 256 };

/* The format strings of the same words are followed by a conversion, not by a number. */
static struct view find_version(struct view bytes)
{
	const size_t length = sizeof banner - 1;
	const uint8_t *end = bytes.p + bytes.n, *at = bytes.p;

	while (at && at < end) {
		at = memmem(at, (size_t)(end - at), banner, length);
		if (!at)
			break;
		at += length;
		if (at < end && *at >= '0' && *at <= '9')
			return view_first(
				(struct view){ at, (size_t)(end - at) }, VERSION_LENGTH_MAX);
	}
	return (struct view){ 0 };
}

bool banner_find(struct view bytes, struct arena *arena, const char **ret, struct error *err)
{
	struct view text = find_version(bytes);
	size_t length = 0;

	while (length < text.n && text.p[length] >= ' ' && text.p[length] <= '~')
		length++;
	*ret = arena_string(arena, view_first(text, length));
	return *ret ? true : fail_no_memory(err);
}
