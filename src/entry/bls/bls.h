/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of both types of the Boot Loader Specification share; only they include it. */
#pragma once

#include "entry/ground/finder.h"

/* A $BOOT: a folder with loader/entries or EFI/Linux in it. */
struct bls_root {
	const char *path;          /* "/boot" */
	const struct place *place; /* the file system that paths are relative to; NULL: unknown */
};

/* Takes "+LEFT-DONE" off the name, which is without its suffix: UAPI.1, "Boot counting". */
const char *bls_uncount(struct finder *f, const char *name, struct entry *entry);

/* Type 2. */
bool uki_find(struct finder *f, const struct bls_root *root);

/* Whether name is matched: '*', '?' and [set] as in a shell, letters of either case. */
bool bls_matches(const char *pattern, const char *name);

/* Of two const struct entry *, for qsort. */
int bls_compare(const void *x, const void *y);

/* The index of the default among the entries [first, first + count), sorted; false: none can be. */
bool bls_default(struct finder *f, size_t first, size_t count, size_t *ret);

/* What stands for the variables in text, where GRUB would expand them; else text itself. */
struct view grub_expand_bls(struct finder *f, struct view text);
