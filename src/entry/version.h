/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of versions: UAPI.10, "Version Format Specification", version 1.0. */
#pragma once

/* Below 0, 0 or above 0 as a is older than b, the same or newer. */
int version_compare(const char *a, const char *b);
