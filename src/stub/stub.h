/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stubs as data of the loader: one flat blob per CPU, built from source by every build. A build
 * without a compiler for all CPUs (-Dstubs=host) has that of its own CPU; the others are empty.
 */
#pragma once

#include "base/bytes.h"

/* The running stub also writes to the STUB_SCRATCH bytes behind its segment: its stack and data. */
struct stub {
	struct view
		blob; /* begins with a zeroed struct stub_args; of no bytes: not in this build */
};

/* One for each row of base/cpus.inc; what it does is written in the folder of its CPU. */
#define CPU(id, symbol, ...) extern const struct stub stub_##symbol;
#define CPU_NAMED(...)
#include "base/cpus.inc"
#undef CPU
#undef CPU_NAMED
