/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every stub decides in the same way: whether its arguments are ones that it understands, and
 * whether the loaded bytes are still those that the loader saw. It touches no device and no control
 * register, so that it also runs in a test.
 */
#pragma once

#include "base/digest.h"
#include "stub/abi.h"

enum stub_verdict {
	STUB_GOOD,
	STUB_FOREIGN,     /* not the arguments of this version; nothing in them can be trusted */
	STUB_UNKNOWN,     /* they ask for something that this stub does not know */
	STUB_DAMAGED,     /* the digest differs */
	STUB_NO_FIRMWARE, /* the next kernel starts by calling firmware that is not there */
	STUB_FAULTED,     /* an exception came in; only said, never found by looking */
};

/* Which check the arguments ask for; false: none that is known. */
bool stub_check_of(const struct stub_args *args, enum stub_check *ret);

/* Of the arguments alone: good, foreign or unknown. */
enum stub_verdict stub_understand(const struct stub_args *args);

enum stub_verdict stub_verify(const struct stub_args *args, struct digest_engines engines);

/* What the verdict means for who reads it on a console, with the check as the arguments have it; never ends in a newline. */
const char *stub_verdict_text(enum stub_verdict verdict, uint32_t check);
