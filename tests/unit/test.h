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
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "base/error.h"

/* The reason of an error contains this text. */
#define assert_reason(err, text)                                                           \
	do {                                                                               \
		if (!strstr((err).reason, text))                                           \
			fail_msg("reason is \"%s\", not with \"%s\"", (err).reason, text); \
	} while (0)

/* Whether a sanitizer watches, by which all takes several times as long. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = true };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { IS_SANITIZED = true };
#else
enum { IS_SANITIZED = false };
#endif
#else
enum { IS_SANITIZED = false };
#endif

#define CASE(function) cmocka_unit_test(function)
