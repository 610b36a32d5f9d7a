/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel says of itself in the note VMCOREINFO: lines of text, each a name and a value
 * (Documentation/admin-guide/kdump/vmcoreinfo.rst in Linux).
 */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

/*
 * The value of the line "NAME=..." as a number; false where there is none. SYMBOL(...) and KERNELOFFSET are hexadecimal, the others decimal, maybe with a sign, unless
 * 0x stands before them.
 */
bool vmcoreinfo_number(struct view info, const char *name, uint64_t *ret)
	__attribute__((warn_unused_result));

/* What a reader cannot do without. */
struct vmcoreinfo_need {
	const char *name;
	uint64_t *to;
};

/* All of them, or which one is missing. */
bool vmcoreinfo_needs(struct view info, const struct vmcoreinfo_need *needs, size_t count,
	struct error *err) __attribute__((warn_unused_result));
