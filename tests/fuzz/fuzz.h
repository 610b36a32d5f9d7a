/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every fuzzer of ours gives: the entry point that libFuzzer and replay.c call. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/error.h"

/* 0 always. What must hold for every input and does not ends in abort(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void expect(bool what)
{
	if (!what)
		abort();
}

/* A failure says why, and is one that a bad file leads to. */
static inline void expect_bad_file(const struct error *err)
{
	expect(err->reason[0] != '\0');
	expect(fault_class(err->fault) == CLASS_IMAGE);
}

static inline void expect_inside(struct view part, struct view whole)
{
	expect(part.n <= whole.n);
	expect(part.n == 0 || (part.p >= whole.p && part.p - whole.p <= (long)(whole.n - part.n)));
}
