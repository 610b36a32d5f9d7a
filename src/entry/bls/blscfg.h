/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GRUB's command blscfg, which makes the entries of UAPI.1 lines of its menu: Red Hat's, and that of
 * GRUB 2.14. What it needs of the interpreter of grub.cfg, which implements the functions grub_….
 */
#pragma once

#include "entry/ground/finder.h"

/* Adds the entries in GRUB's order; a doubt says why the list may be another one. */
bool blscfg_find(struct finder *f, struct finding *ret);

/* Whether it is Red Hat's module: else it may be either. */
bool blscfg_is_red_hats(struct finder *f);

/* A variable as it was when blscfg ran. */
struct bls_value {
	bool is_known;
	const char *text; /* NULL: not set */
};

/* Whether grub.cfg runs blscfg. */
bool grub_has_blscfg(const struct finder *f);

/* "FILE, line N", for doubts; "" where it is not known. */
const char *grub_blscfg_where(const struct finder *f);

struct bls_value grub_blscfg_variable(const struct finder *f, const char *name);

/*
 * The file system of $root when blscfg ran, and the folder where its paths seem to be where nothing is
 * known of mounts (*ret NULL). False: it is not known.
 */
bool grub_blscfg_root(struct finder *f, const struct place **ret, const char **ret_base);

/* Runs body as that of a menu entry: what it loads, and what is not known of it, is in *entry then. */
bool grub_run_body(struct finder *f, struct entry *entry, const char *file, struct view body);
