/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines and guests that are known to be bad: known.txt has them. */
#include "check/known.h"
#include "check/rows.h"

struct check_finding check_platform(const struct check_subject *subject)
{
	return known_check(subject, KNOWN_PLATFORM);
}
