/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who runs this. */
#pragma once

#include "base/error.h"

/* Closes the ways of a hint that are of no use to this user. May be called in a signal handler. */
void caller_close_ways(struct error *err);
