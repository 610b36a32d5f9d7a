/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words by which every Linux tells its version: "Linux version 6.1.0-44-arm64 (…) …". */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

/*
 * What stands behind "Linux version " in the bytes of a kernel, as one printable line; "" where
 * there is none.
 */
bool banner_find(struct view bytes, struct arena *arena, const char **ret, struct error *err)
	__attribute__((warn_unused_result));
