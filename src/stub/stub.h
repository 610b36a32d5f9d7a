/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stubs as data of the loader: one flat blob per CPU, built from source by every build.
 */
#pragma once

#include "base/bytes.h"

/* The running stub also writes to the STUB_SCRATCH bytes behind its segment: its stack and data. */
struct stub {
	struct view blob; /* begins with a zeroed struct stub_args */
};

extern const struct stub stub_x86_64, stub_i386, stub_arm64, stub_riscv64, stub_loongarch64;
