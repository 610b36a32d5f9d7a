/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The menu of one version of systemd-boot, and what it takes of it. */
#pragma once

#include "entry/bls/bls.h"

struct sdboot_menu {
	struct finder *f;
	const struct bls_rules *rules;
	struct bls_item *items;
	size_t count;
	struct bls_wishes wishes;
	const struct bls_item *chosen; /* NULL: none */
	bool is_wished;                /* not only the first */
	const char *doubt;
};

/* All entries in its order, with its choice and what makes that doubtful; false when memory is out. */
bool sdboot_menu_open(struct finder *f, const struct bls_rules *rules,
	const struct bls_files *files, struct sdboot_menu *ret);

/* Why the choice may be another one: the first reason is kept. The format has one %s, for what. */
void sdboot_doubt(struct sdboot_menu *menu, const char *format, const char *what);
