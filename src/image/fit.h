/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* U-Boot's FIT: kernels, initrds and device trees in one file, which is recognised and not taken apart. */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

/* Whether a flattened device tree has a node "images" in its root, as no machine's has. */
bool fit_probe(struct view bytes);
