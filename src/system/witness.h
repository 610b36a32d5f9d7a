/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is true of the running system now, with what only the network tells. */
#pragma once

#include "confirm/witness.h"

/* As witness_take, and each gateway that is a neighbour is asked: for some seconds where it is silent. */
bool system_witness(const struct source *source, enum init init, struct arena *arena,
	struct witness *ret) __attribute__((warn_unused_result));
