/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a member that somebody was handed to the structure that it lies in. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The type whose member part points to. Whether it may be changed is for the caller to know. */
#define WHOLE_OF(part, type, member) ((type *)((uintptr_t)(part) - offsetof(type, member)))
