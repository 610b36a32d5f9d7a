/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stubs as data of the loader: one flat blob per CPU, built from source by every build.
 */
#pragma once

#include "base/bytes.h"

struct stub {
	const char *cpu;
	struct view blob; /* begins with a zeroed struct stub_args */
	/* Bytes of memory behind the blob that the running stub writes to (its stack and data). */
	uint64_t scratch;
};

extern const struct stub stub_x86_64, stub_i386, stub_arm64, stub_riscv64, stub_loongarch64;
