/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/linux-version.h"

#include <stdint.h>

/* Moves over the digits. */
static bool take_number(const char **text, unsigned *ret)
{
	const char *p = *text;
	unsigned n = 0;

	for (; *p >= '0' && *p <= '9' && n <= UINT16_MAX; p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p == *text || n > UINT16_MAX)
		return false;
	*text = p;
	*ret = n;
	return true;
}

bool linux_version(const char *text, unsigned *ret)
{
	unsigned major, minor;

	if (!take_number(&text, &major) || *text++ != '.' || !take_number(&text, &minor))
		return false;
	*ret = LINUX_VERSION(major, minor);
	return true;
}
