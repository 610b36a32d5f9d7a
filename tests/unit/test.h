/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every unit test includes: cmocka with the headers that it wants before it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* ours is in base/error.h */

#include "base/error.h"

/* The reason of an error contains this text. */
#define assert_reason(err, text)                                                  \
	do {                                                                      \
		if (!strstr((err).reason, text))                                  \
			print_error("reason: %s\nexpected: %s\n", (err).reason, text); \
		assert_non_null(strstr((err).reason, text));                      \
	} while (0)

#define CASE(function) cmocka_unit_test(function)
