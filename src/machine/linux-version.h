/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of Linux by their first two numbers, as features come and go with. */
#pragma once

#include <stdbool.h>

#define LINUX_VERSION(major, minor) ((major) << 16 | (minor))

/* LINUX_VERSION of "6.12", "6.12.1-amd64" and so on; false where text does not begin with two such numbers. */
bool linux_version(const char *text, unsigned *ret) __attribute__((warn_unused_result));
