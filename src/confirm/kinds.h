/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of lines of a witness: what is said where one is missing, "BEFORE NAME BEHIND", and what it weighs. */
#pragma once

enum { WITNESS_KINDS = 9 };

/* Whether what is missing is the next kernel's fault. */
enum witness_weight {
	WEIGHT_DOUBTFUL,   /* it may be anybody's: told, and held against nothing */
	WEIGHT_OF_NETWORK, /* where nothing else answers either */
	WEIGHT_CERTAIN,
	WEIGHT_OF_CHECKS, /* somebody has said what a good boot is, and it was one before */
};

struct witness_kind {
	const char *name, *before, *behind;
	enum witness_weight weight;
};

extern const struct witness_kind witness_kinds[WITNESS_KINDS];
