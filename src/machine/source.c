/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all sources share: the order of names. */
#include "machine/source.h"

#include <string.h>

static bool is_number(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

int source_compare_names(const void *x, const void *y)
{
	const char *a = *(const char *const *)x, *b = *(const char *const *)y;
	bool a_counts = is_number(a), b_counts = is_number(b);

	if (a_counts != b_counts)
		return a_counts ? -1 : 1;
	if (a_counts) {
		size_t n, m;

		a += strspn(a, "0");
		b += strspn(b, "0");
		n = strlen(a);
		m = strlen(b);
		if (n != m)
			return n < m ? -1 : 1;
	}
	return strcmp(a, b);
}
