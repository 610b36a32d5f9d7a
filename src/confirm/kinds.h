/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of lines of a witness, and what is said where one is missing: "BEFORE NAME BEHIND". */
#pragma once

enum { WITNESS_KINDS = 7 };

struct witness_kind {
	const char *name, *before, *behind;
};

extern const struct witness_kind witness_kinds[WITNESS_KINDS];
