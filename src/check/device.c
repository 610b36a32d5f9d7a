/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drivers of other devices that are known to be bad: known.txt has them. */
#include "check/known.h"
#include "check/rows.h"

struct check_finding check_device(const struct check_subject *subject)
{
	return known_check(subject, KNOWN_DEVICE);
}
