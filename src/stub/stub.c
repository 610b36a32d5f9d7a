/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stubs, as bytes. What they do is written in the folders of their CPUs. */
#include "stub/stub.h"

static const uint8_t x86_64[] = {
#include "stub/stub-x86-64.inc"
};

const struct stub stub_x86_64 = {
	.cpu = "x86_64",
	.blob = { x86_64, sizeof(x86_64) },
	.scratch = 16384,
};
