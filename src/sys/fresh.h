/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is different in every run and therefore enters a plan only by its request. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Random bytes of the kernel. */
bool fresh_entropy(uint8_t *bytes, size_t count, struct error *err)
	__attribute__((warn_unused_result));

/* The CPU's counter, the one that the stub reads; 0 on a CPU without a readable one. */
uint64_t fresh_counter(void);
