/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of versions: UAPI.10, "Version Format Specification", version 1.0. */
#pragma once

/* Below 0, 0 or above 0 as a is older than b, the same or newer. */
int version_compare(const char *a, const char *b);

/* The same as systemd-boot has it: no number at all is older than 0, where UAPI.10 has it for the same. */
int version_compare_in_menu(const char *a, const char *b);
